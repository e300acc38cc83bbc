#include "scenarios/step.h"

const struct step_row step_rows[] = {
    { "mint", STEP_MAKES, step_read_mint, step_play_mint },
    { "token", STEP_MAKES, step_read_token, step_play_token },
    { "session", STEP_MAKES, step_read_session, step_play_session },
    { "call", STEP_SAVES | STEP_SIGNS | STEP_EXPECTS, step_read_call, step_play_call },
    { "get", STEP_SAVES | STEP_EXPECTS, step_read_get, step_play_get },
    { "advance", 0, step_read_advance, step_play_advance },
    { "clock", 0, step_read_clock, step_play_clock },
    { "rotate", 0, step_read_rotate, step_play_issuer },
    { "publish", 0, step_read_issuer, step_play_issuer },
    { "retire", 0, step_read_issuer, step_play_issuer },
    { "down", 0, step_read_issuer, step_play_issuer },
    { "up", 0, step_read_issuer, step_play_issuer },
    { "fault", 0, step_read_fault, step_play_fault },
    { "world", 0, step_read_world, step_play_world },
    { "source_ip", 0, step_read_source_ip, step_play_source_ip },
    { NULL, 0, NULL, NULL },
};
