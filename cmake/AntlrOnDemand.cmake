# cmake -DFILES=A.cpp,B.cpp -P AntlrOnDemand.cmake: generated code unpacks its tables when the program starts; here it is made to
# do so when the first lexer or parser is constructed. A command that finds its program compiled needs neither.
string(REPLACE "," ";" files "${FILES}")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(REPLACE "${name}::Initializer ${name}::_init;" "" changed "${text}")
  string(REPLACE "  _interpreter = new" "  static const Initializer tables;\n  _interpreter = new" changed "${changed}")
  string(FIND "${changed}" "static const Initializer tables;" constructed)
  if(changed STREQUAL text OR constructed EQUAL -1)
    message(FATAL_ERROR "${file} is not as ANTLR 4.7 generates it: its tables cannot be made on demand")
  endif()
  file(WRITE ${file} "${changed}")
endforeach()
