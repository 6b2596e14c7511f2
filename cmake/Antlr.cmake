# The parser's generation, by Debian's packaged ANTLR tool (4.7.2, which works with its C++ runtime 4.9).
#
# lacuna_antlr(TARGET LEXER.g4 PARSER.g4): runs the tool at build time and declares
#   TARGET          an object library of the generated code; its users get the runtime, the include folder and the flag below
#   TARGET headers  included as "grammar/generated/LacunaParser.h"; everything is in namespace lacuna::grammar
#
# The runtime's headers use u8 literals as char, so they and all that includes them need -fno-char8_t. The generated code is
# not ours: it is built without warnings, and without sanitizers' checks of undefined behaviour, which cost it minutes.

find_program(ANTLR4_TOOL antlr4 REQUIRED)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_library(ANTLR4_LIBRARY NAMES libantlr4-runtime.a antlr4-runtime REQUIRED)
find_package(Threads REQUIRED)

if(NOT TARGET antlr4_runtime)
  add_library(antlr4_runtime INTERFACE)
  target_include_directories(antlr4_runtime SYSTEM INTERFACE ${ANTLR4_INCLUDE})
  target_compile_options(antlr4_runtime INTERFACE -fno-char8_t)
  target_link_libraries(antlr4_runtime INTERFACE ${ANTLR4_LIBRARY} Threads::Threads)
endif()

function(lacuna_antlr target lexer parser)
  get_filename_component(lexer_name ${lexer} NAME_WE)
  get_filename_component(parser_name ${parser} NAME_WE)
  set(folder ${PROJECT_BINARY_DIR}/grammar/generated)
  set(sources ${folder}/${lexer_name}.cpp ${folder}/${parser_name}.cpp)
  set(headers ${folder}/${lexer_name}.h ${folder}/${parser_name}.h)
  add_custom_command(
    OUTPUT ${sources} ${headers}
    COMMAND ${ANTLR4_TOOL} -Dlanguage=Cpp -no-listener -no-visitor -Werror -package lacuna::grammar
            -Xexact-output-dir -o ${folder} ${CMAKE_CURRENT_SOURCE_DIR}/${lexer} ${CMAKE_CURRENT_SOURCE_DIR}/${parser}
    COMMAND ${CMAKE_COMMAND} -DFILES=${folder}/${lexer_name}.cpp,${folder}/${parser_name}.cpp -P ${PROJECT_SOURCE_DIR}/cmake/AntlrOnDemand.cmake
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${lexer} ${CMAKE_CURRENT_SOURCE_DIR}/${parser} ${PROJECT_SOURCE_DIR}/cmake/AntlrOnDemand.cmake
    COMMENT "Generating the parser"
    VERBATIM)
  add_library(${target} OBJECT ${sources} ${headers})
  target_link_libraries(${target} PUBLIC antlr4_runtime)
  target_include_directories(${target} SYSTEM PUBLIC ${PROJECT_BINARY_DIR})
  target_compile_options(${target} PRIVATE -w -Wno-error -fno-sanitize=undefined)
endfunction()
