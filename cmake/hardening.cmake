# Warnings are errors on gcc and clang alike; the hardening flags are for the release preset.

set(WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wold-style-definition -Wundef -Wcast-align -Wpointer-arith
    -Wwrite-strings -Wformat=2 -Wvla -Wswitch-enum -Werror)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    list(APPEND WARNINGS -Wduplicated-cond -Wlogical-op)
endif()

function(strict_warnings target)
    target_compile_options(${target} PRIVATE ${WARNINGS})
endfunction()

option(UNDERSTUDY_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
if(UNDERSTUDY_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()

option(UNDERSTUDY_HARDEN "hardened code and link-time optimisation" OFF)
if(UNDERSTUDY_HARDEN)
    include(CheckCCompilerFlag)
    check_c_compiler_flag(-fcf-protection=full HAS_CF_PROTECTION)
    add_compile_options(-fstack-protector-strong -fstack-clash-protection
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
    if(HAS_CF_PROTECTION)
        add_compile_options(-fcf-protection=full)
    endif()
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-ftrivial-auto-var-init=zero)
    endif()
    add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT HAS_LTO LANGUAGES C)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${HAS_LTO})
    if(HAS_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-ffat-lto-objects) # so that the tests need not optimise it again
    endif()
endif()

# For what is linked by the dozen: the same code, optimised a file at a time.
macro(without_lto)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
    if(HAS_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
        add_link_options(-fno-lto)
    endif()
endmacro()
