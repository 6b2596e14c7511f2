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

# lacuna_unit_test(NAME LIBS...): GoogleTest program of all .cpp files in the current folder, each case a ctest.
function(lacuna_unit_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARGN} GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
endfunction()
