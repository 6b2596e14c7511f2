# Fuzz targets, each built in one of two ways.
#
# lacuna_fuzz_target(NAME SOURCE [WORDS] [CORPUS FOLDER] LIBRARIES...): SOURCE defines LLVMFuzzerTestOneInput(data, size).
# WORDS: the mutations put words in the place of others and do nothing else, so that more programs check. CORPUS: what is mutated, in place of the programs.
#   preset `fuzz` (clang 22): linked with libFuzzer, to be run by hand for as long as wanted
#   every other preset: linked with test/fuzz/seeded_main.cpp, a ctest that mutates the gallery for LACUNA_FUZZ_SECONDS,
#                        and one labelled nightly that runs for LACUNA_NIGHTLY_SECONDS and 10,000 inputs at least
option(LACUNA_LIBFUZZER "Link fuzz targets with libFuzzer (needs clang)" OFF)
set(LACUNA_FUZZ_SECONDS 20 CACHE STRING "How long each seeded fuzz main runs as a test")
set(LACUNA_NIGHTLY_SECONDS 600 CACHE STRING "How long, and for 10,000 inputs at least, it runs as a nightly test")

function(lacuna_fuzz_target name source)
  cmake_parse_arguments(PARSE_ARGV 2 fuzz "WORDS" "CORPUS" "")
  if(NOT fuzz_CORPUS)
    set(fuzz_CORPUS ${PROJECT_SOURCE_DIR}/test/programs)
  endif()
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${fuzz_UNPARSED_ARGUMENTS})
  if(LACUNA_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    return()
  endif()
  target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/test/fuzz/seeded_main.cpp)
  set(how $<$<BOOL:${fuzz_WORDS}>:--words>)
  add_dependencies(lacuna_sanitized_tests ${name})
  add_test(NAME fuzz.${name} COMMAND ${name} --seconds ${LACUNA_FUZZ_SECONDS} ${how} ${fuzz_CORPUS} COMMAND_EXPAND_LISTS)
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  add_test(NAME nightly.${name} COMMAND ${name} --seconds ${LACUNA_NIGHTLY_SECONDS} --inputs 10000 ${how} ${fuzz_CORPUS} COMMAND_EXPAND_LISTS)
  set_tests_properties(nightly.${name} PROPERTIES LABELS nightly TIMEOUT 3600)
endfunction()
