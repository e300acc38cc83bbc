# One program a parser of outside bytes: fuzz_NAME.c defines LLVMFuzzerTestOneInput.  With any compiler it
# becomes replay_NAME, which ctest runs over tests/fuzz/corpus/NAME; with UNDERSTUDY_FUZZ (clang, preset
# fuzz) also fuzz_NAME, which looks for more.  ci/fuzz runs those.

option(UNDERSTUDY_FUZZ "build the libFuzzer targets (clang only)" OFF)

file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/fuzz_*.c)
foreach(source IN LISTS fuzzers)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "^fuzz_" "" name ${name})

    add_executable(replay_${name} fuzz/replay.c ${source})
    target_link_libraries(replay_${name} PRIVATE support)
    strict_warnings(replay_${name})
    add_test(NAME corpus_${name}
        COMMAND replay_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})

    if(UNDERSTUDY_FUZZ)
        add_executable(fuzz_${name} ${source})
        target_link_libraries(fuzz_${name} PRIVATE support)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        strict_warnings(fuzz_${name})
    endif()
endforeach()
