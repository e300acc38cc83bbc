#include "cli/exec_folder.h"

#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIR_MODE = 0700, FILE_MODE = 0600, WALK_FDS = 16 };

struct str exec_folder_rules(struct arena *a, struct str url)
{
    /* botocore asks for the parameters that its clients fill in, and for nothing else. */
    static const char before[] =
        "{\"version\":\"1.0\",\"parameters\":{"
        "\"Region\":{\"builtIn\":\"AWS::Region\",\"required\":false,\"documentation\":\"\","
        "\"type\":\"String\"},"
        "\"Endpoint\":{\"builtIn\":\"SDK::Endpoint\",\"required\":false,\"documentation\":\"\","
        "\"type\":\"String\"}},"
        "\"rules\":[{\"documentation\":\"understudy\",\"conditions\":[],\"type\":\"endpoint\","
        "\"endpoint\":{\"url\":";
    static const char after[] = ",\"properties\":{},\"headers\":{}}}]}\n";
    struct str quoted = json_text(a, json_keep(a, json_of(url)));
    return arena_printf(a, "%s%.*s%s", before, STR_ARG(quoted), after);
}

static bool write_whole(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

struct outcome exec_folder_write(struct why *why, const char *path, struct str bytes)
{
    TRY(file_make_dirs(why, file_dir(why->arena, str_of(path)).p, DIR_MODE));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    bool written = fd >= 0 && write_whole(fd, bytes);
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (!written)
        FAIL(why, FILE_UNWRITABLE, "%s: %s", path, strerror(saved));
    return OK;
}

/* The caches and profiles of real accounts are in .aws; everything else is the user's to use. */
static bool is_linked(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, ".aws") != 0;
}

static struct outcome link_home(struct arena *a, struct why *why, const char *real,
                                const char *home)
{
    struct outcome o = OK;
    DIR *dir = real ? opendir(real) : NULL;
    if (!dir)
        return OK; /* nothing there that could be linked */
    for (struct dirent *e = readdir(dir); e && !failed(o); e = readdir(dir)) {
        if (!is_linked(e->d_name))
            continue;
        const char *to = arena_printf(a, "%s/%s", real, e->d_name).p;
        const char *from = arena_printf(a, "%s/%s", home, e->d_name).p;
        if (symlink(to, from) != 0)
            o = why_set(why, FAULT_FILE_UNWRITABLE, "%s: %s", from, strerror(errno));
    }
    closedir(dir);
    return o;
}

static const char *below(struct arena *a, const char *folder, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name).p;
}

static struct exec_folder name_parts(struct arena *a, const char *path)
{
    return (struct exec_folder){
        .path = path,
        .token = below(a, path, "token"),
        .config = below(a, path, "aws/config"),
        .credentials = below(a, path, "aws/credentials"),
        .boto = below(a, path, "aws/boto.cfg"),
        .home = below(a, path, "home"),
        .models = below(a, path, "models"),
        .root = below(a, path, "root"),
    };
}

static struct outcome fill(struct arena *a, struct why *why, const struct exec_folder *f,
                           const char *home, struct str url)
{
    struct str rules = exec_folder_rules(a, url);
    TRY(exec_folder_write(why, f->config, (struct str){ 0 }));
    TRY(exec_folder_write(why, f->credentials, (struct str){ 0 }));
    TRY(exec_folder_write(why, f->boto, (struct str){ 0 }));
    TRY(exec_folder_write(why, below(a, f->models, "sts/2011-06-15/endpoint-rule-set-1.json"),
                          rules));
    TRY(exec_folder_write(why, below(a, f->models, "iam/2010-05-08/endpoint-rule-set-1.json"),
                          rules));
    TRY(file_make_dirs(why, f->root, DIR_MODE));
    TRY(file_make_dirs(why, below(a, f->home, ".aws"), DIR_MODE));
    return link_home(a, why, home, f->home);
}

struct outcome exec_folder_make(struct arena *a, struct why *why, const char *parent,
                                const char *home, struct str url, struct exec_folder *out)
{
    char *whole = realpath(parent, NULL); /* the command may go elsewhere */
    char *path = arena_cstr(a, arena_printf(a, "%s/understudy-XXXXXX", whole ? whole : parent));
    char *real_home = home ? realpath(home, NULL) : NULL;

    free(whole);
    if (!mkdtemp(path)) {
        free(real_home);
        FAIL(why, FILE_UNWRITABLE, "%s: %s", parent, strerror(errno));
    }
    struct exec_folder folder = name_parts(a, path);
    struct outcome o = fill(a, why, &folder, real_home, url);
    free(real_home);
    if (failed(o))
        exec_folder_remove(&folder);
    else
        *out = folder;
    return o;
}

/* A directory without write permission, as package caches make them, is made writable first. */
static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    if (remove(path) == 0 || errno != EACCES)
        return 0;
    char *dir = strdup(path);
    if (dir && at->base > 0) {
        dir[at->base - 1] = '\0';
        if (chmod(dir, DIR_MODE) == 0)
            (void)!remove(path);
    }
    free(dir);
    return 0;
}

void exec_folder_remove(const struct exec_folder *folder)
{
    nftw(folder->path, remove_one, WALK_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    if (access(folder->path, F_OK) == 0)
        command_note("%s could not be removed whole", folder->path);
}
