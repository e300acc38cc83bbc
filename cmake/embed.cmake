# embed_files(OUTPUT SYMBOL FILE...): a C source with the files' names and bytes, so that the program
# needs nothing beside itself.  The table is declared in base/embed.h.

function(embed_files output symbol)
    list(LENGTH ARGN count)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DSYMBOL=${symbol} "-DFILES=${ARGN}"
                -P ${CMAKE_SOURCE_DIR}/cmake/embed_run.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed_run.cmake
        VERBATIM)
endfunction()
