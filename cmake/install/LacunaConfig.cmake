# find_package(Lacuna): the targets Lacuna::abi (headers of compiled models), Lacuna::lacuna (the library, shared) and
# Lacuna::lacuna_static, and the function lacuna_add_model. The folder that this file was installed to may have moved.
get_filename_component(LACUNA_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
include("${CMAKE_CURRENT_LIST_DIR}/LacunaTargets.cmake")
set(LACUNA_COMMAND "${LACUNA_PREFIX}/bin/lacuna" CACHE FILEPATH "The compiler of models")

# lacuna_add_model(TARGET MODEL.ppl [CPU NAME]): compiles a model when the target is built and links it; its header is
# MODEL.h. CPU: the processor that the code is for, by LLVM's name (x86-64-v3); without it, the one that builds.
function(lacuna_add_model target program)
  cmake_parse_arguments(PARSE_ARGV 2 model "" "CPU" "")
  if(NOT model_CPU)
    set(model_CPU native)
  endif()
  get_filename_component(program "${program}" ABSOLUTE)
  get_filename_component(name "${program}" NAME_WE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.models")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(
    OUTPUT "${folder}/${name}.o" "${folder}/${name}.h"
    COMMAND "${LACUNA_COMMAND}" compile "${program}" -o "${folder}/${name}.o" --cpu ${model_CPU}
    DEPENDS "${program}" "${LACUNA_COMMAND}"
    COMMENT "Compiling the model ${name}.ppl"
    VERBATIM)
  set_source_files_properties("${folder}/${name}.o" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${target} PRIVATE "${folder}/${name}.o" "${folder}/${name}.h")
  target_include_directories(${target} PRIVATE "${folder}")
  target_link_libraries(${target} PRIVATE Lacuna::abi)
endfunction()
