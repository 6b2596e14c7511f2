# How the project's targets are declared: one library per layer, one test program per layer.

# lacuna_layer(NAME DEPS...): a static library of all .cpp files of the current folder, linked to the layers it may see.
# The layers' order is checked by test/meta/; here it is only followed.
function(lacuna_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(lacuna_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(lacuna_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(lacuna_${name} ${scope} ${PROJECT_SOURCE_DIR})
  foreach(dep ${ARGN})
    target_link_libraries(lacuna_${name} ${scope} lacuna_${dep})
  endforeach()
endfunction()

# lacuna_hold_objects(TARGET NAME...): writes the files NAME.o of the current build folder into the target, as bytes between the symbols
# lacuna_NAME_object and lacuna_NAME_object_end. The caller has enabled the language ASM.
function(lacuna_hold_objects target)
  set(bytes ".section .rodata\n")
  foreach(name ${ARGN})
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
    list(APPEND objects ${object})
    foreach(line ".globl lacuna_${name}_object" ".hidden lacuna_${name}_object" "lacuna_${name}_object:" ".incbin \"${object}\""
                 ".globl lacuna_${name}_object_end" ".hidden lacuna_${name}_object_end" "lacuna_${name}_object_end:" ".byte 0")
      string(APPEND bytes "${line}\n")
    endforeach()
  endforeach()
  string(APPEND bytes ".section .note.GNU-stack,\"\",@progbits\n")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_objects.s)
  file(CONFIGURE OUTPUT ${source} CONTENT "${bytes}")
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${objects}")
  target_sources(${target} PRIVATE ${source})
endfunction()

# Builds every test program that uses several threads: all that the `tsan` tree is for.
add_custom_target(lacuna_thread_tests)

# Builds what tools/test.sh runs under AddressSanitizer and UndefinedBehaviorSanitizer: the layers' unit tests and the fuzz mains.
add_custom_target(lacuna_sanitized_tests)

# lacuna_unit_test(NAME [THREADS] LIBS...): GoogleTest program of all .cpp files in the current folder, each case a ctest.
# THREADS: it uses several threads, so it is also built and run with ThreadSanitizer.
function(lacuna_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "THREADS" "" "")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${test_UNPARSED_ARGUMENTS} GTest::gtest_main)
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/test/unit/")
    add_dependencies(lacuna_sanitized_tests ${name})
  endif()
  set(label unit)
  if(test_THREADS)
    add_dependencies(lacuna_thread_tests ${name})
    set(label threads)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${label})
endfunction()
