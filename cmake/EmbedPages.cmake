# cmake -DPAGES="a.md;b.md" -DOUTPUT=file -P EmbedPages.cmake: writes the pages as C++ initialisers {"name", "text"}.
# String literals are cut, since compilers bound their length.
set(all "")
foreach(page ${PAGES})
  get_filename_component(name ${page} NAME_WE)
  file(READ ${page} text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
  string(APPEND all "    {\"${name}\",\n     \"${text}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${all}")
