# What `cmake --install build/release --prefix FOLDER` puts beside the command: the library without the compiler, its
# headers, and what other people's builds find them by. Nothing in it names the folder, so it may be moved.
include(CMakePackageConfigHelpers)

# The parts of the runtime that need no NetCDF, no JSON and no inference; fmt is compiled in, so nothing else is linked.
set(embedded
  diagnostics/diagnostic.cpp data/bind.cpp data/labels.cpp data/refused_cells.cpp data/text.cpp io/fit.cpp io/lfit.cpp io/write_file.cpp embed/fit.cpp embed/predictor.cpp)
list(TRANSFORM embedded PREPEND ${PROJECT_SOURCE_DIR}/runtime/)
add_library(lacuna_embedded OBJECT ${embedded})
target_include_directories(lacuna_embedded PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(lacuna_embedded PRIVATE FMT_HEADER_ONLY=1)
target_compile_options(lacuna_embedded PRIVATE -fvisibility=hidden -fvisibility-inlines-hidden)
target_link_libraries(lacuna_embedded PRIVATE lacuna_abi)

add_library(lacuna_static STATIC $<TARGET_OBJECTS:lacuna_embedded>)
add_library(lacuna_shared SHARED $<TARGET_OBJECTS:lacuna_embedded>)
set_target_properties(lacuna_static lacuna_shared PROPERTIES OUTPUT_NAME lacuna)
set_target_properties(lacuna_shared PROPERTIES EXPORT_NAME lacuna VERSION ${PROJECT_VERSION} SOVERSION 0)
target_link_options(lacuna_shared PRIVATE -Wl,--exclude-libs,ALL -Wl,-z,defs)
set_target_properties(lacuna_abi PROPERTIES EXPORT_NAME abi)
foreach(library lacuna_static lacuna_shared)
  target_link_libraries(${library} INTERFACE lacuna_abi)
endforeach()

install(TARGETS lacuna_static lacuna_shared lacuna_abi EXPORT LacunaTargets LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
install(EXPORT LacunaTargets NAMESPACE Lacuna:: DESTINATION lib/cmake/Lacuna)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/lacuna DESTINATION include)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/LacunaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/install/LacunaConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/LacunaConfigVersion.cmake DESTINATION lib/cmake/Lacuna)
configure_file(${PROJECT_SOURCE_DIR}/cmake/install/lacuna.pc.in ${CMAKE_CURRENT_BINARY_DIR}/lacuna.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lacuna.pc DESTINATION lib/pkgconfig)
