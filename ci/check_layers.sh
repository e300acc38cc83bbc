#!/bin/bash
# ci/check_layers.sh [FOLDER]: every include and every name that belongs to one place, against layers.txt.
# ci/check_layers.sh --self-test: plants one violation of each rule in a copy and wants it found.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

check() { # FOLDER
    # Perl is on every Debian and Ubuntu machine (perl-base is essential), and reads C's comments right.
    perl - "$ROOT/ci/layers.txt" "$1" <<'PERL'
use strict;
use warnings;
use File::Find;

my ($rules_file, $top) = @ARGV;
my (%may, @only, @bad);

open my $rules, '<', $rules_file or die "$rules_file: $!\n";
while (<$rules>) {
    next if /^\s*(#|$)/;
    if (/^only\s+(.+?)\s+(include|call|text)\s+(\S.*?)\s*$/) {
        push @only, { places => [split ' ', $1], kind => $2, regex => $3, line => $. };
    } elsif (/^(\S+):\s*(.*?)\s*$/) {
        $may{$1} = { map { $_ => 1 } $1, split ' ', $2 };
    } else {
        die "$rules_file:$.: neither \"FOLDER: ...\" nor \"only ...\"\n";
    }
}

sub folder_of {
    my ($path) = @_;
    my ($best) = sort { length $b <=> length $a } grep { index($path, "$_/") == 0 } keys %may;
    return $best;
}

sub below {
    my ($path, $places) = @_;
    return grep { $path eq $_ || index($path, "$_/") == 0 } @$places;
}

# Blanks out what is matched but its newlines, so that lines keep their numbers.
sub blank { my ($s) = @_; $s =~ s/[^\n]/ /g; return $s; }

chdir $top or die "$top: $!\n";
my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ =~ s{^\./}{}r if /\.[ch]$/ } },
     grep { -d } map { "./$_" } sort grep { !m{/} } keys %may);
die "no C file below $top\n" unless @files;

for my $path (sort @files) {
    open my $in, '<', $path or die "$path: $!\n";
    my $text = do { local $/; <$in> };
    my $string = qr/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
    $text =~ s{($string)|(/\*.*?\*/|//[^\n]*)}{defined $1 ? $1 : blank($2)}gse;
    my $folder = folder_of($path);
    my $n = 0;
    for my $line (split /\n/, $text) {
        $n++;
        my $include = $line =~ /^\s*#\s*include\s*[<"]([^>"]+)[>"]/ ? $1 : undef;
        my $to = defined $include ? folder_of($include) : undef;
        push @bad, "$path:$n: $folder/ may not include $include"
            if defined $to && !$may{$folder}{$to};
        next if $folder eq 'tests';
        my @texts = $line =~ /"((?:\\.|[^"\\])*)"/g;
        (my $code = $line) =~ s/$string/""/g;
        for my $rule (@only) {
            next if below($path, $rule->{places});
            my $found =
                $rule->{kind} eq 'include' ? defined $include && $include =~ /^(?:$rule->{regex})$/
                : $rule->{kind} eq 'call'  ? !defined $include && $code =~ /(?<![\w.>])(?:$rule->{regex})(?:(?<=\()|(?!\w))/
                : grep { !defined $include && /^(?:$rule->{regex})$/ } @texts;
            push @bad, "$path:$n: belongs to @{$rule->{places}} alone: " . $line =~ s/^\s+//r
                if $found;
        }
    }
}
print "$_\n" for @bad;
exit(@bad ? 1 : 0);
PERL
}

# Each row: the file a line is added to, the line, and whether it must be found.
self_test() {
    local file line wanted got wrong=0
    while IFS='|' read -r wanted file line; do
        rm -rf "$SCRATCH/tree"
        mkdir -p "$SCRATCH/tree/$(dirname "$file")"
        printf '/* nothing */\n%s\n' "$line" >"$SCRATCH/tree/$file"
        got=passes
        check "$SCRATCH/tree" >/dev/null || got=found
        if [[ $got != "$wanted" ]]; then
            echo "$file: $line: $got, wanted: $wanted"
            wrong=1
        fi
    done <<'ROWS'
passes|crypto/x.c|#include "base/str.h"
found|base/x.c|#include "crypto/digest.h"
found|jose/x.c|#include "http/form.h"
found|http/x.h|#include "jose/jws.h"
found|issuer/x.c|#include "fakests/call.h"
found|issuer/x.c|#include "fakests/policy/policy.h"
found|fakests/x.c|#include "issuer/token.h"
passes|fakests/x.c|#include "fakests/policy/policy.h"
passes|fakests/actions/x.c|#include "fakests/call.h"
found|fakests/policy/x.c|#include "fakests/call.h"
found|fakests/policy/x.c|#include "jose/jws.h"
found|fakests/iam/x.c|#include "fakests/call.h"
found|fakests/iam/x.c|#include "http/form.h"
passes|scenarios/x.c|#include "issuer/token.h"
found|scenarios/x.c|#include "cli/cli.h"
passes|cli/x.c|#include "scenarios/world.h"
found|cli/x.c|#include "tests/support/runner.h"
passes|tests/x.c|#include "cli/cli.h"
passes|crypto/x.c|#include <openssl/evp.h>
found|jose/x.c|  #  include <openssl/evp.h>
found|jose/x.c|#include "crypto/local.h"
passes|jose/x.c|/* #include <openssl/evp.h> */
found|cli/x.c|#include <curl/curl.h>
found|scenarios/x.c|#include <microhttpd.h>
found|base/str.c|#include <libxml/parser.h>
passes|base/xml.c|#include <libxml/parser.h>
found|base/xml.c|#include <jansson.h>
found|issuer/x.c|    int64_t now = time(NULL);
passes|issuer/x.c|    int64_t now = at->time (1) + expiry_time(2); /* time(NULL) */
found|http/x.c|    clock_gettime(CLOCK_MONOTONIC, &t);
passes|base/clock.c|    clock_gettime(CLOCK_MONOTONIC, &t);
found|crypto/x.c|    RAND_bytes(p, n);
found|fakests/x.c|    return rand() % 6;
found|fakests/x.c|    fill("/dev/urandom");
found|fakests/reply.c|    return STR("AccessDenied");
passes|fakests/reply.c|    return STR("AccessDenied was what AWS said"); /* "AccessDenied" */
passes|fakests/aws_error.c|    return STR("AccessDenied");
passes|tests/x.c|    return STR("AccessDenied");
ROWS
    return "$wrong"
}

case ${1:-} in
--self-test) self_test ;;
*) check "${1:-$ROOT}" ;;
esac
