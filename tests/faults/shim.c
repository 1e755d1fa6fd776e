/* A disk that fails: preloaded into a process, it lets calls on the files below $FAULT_DIR fail.
 *
 * It is told what to do by $FAULT, and later by the process itself, which removes files that do not exist:
 *   /fault/off                                 no more faults
 *   /fault/random/<seed>/<every>               about one call of <every> fails, by chance
 *   /fault/next/<call>/<file>/<errno>/<after>/<times>
 *                                              after so many, so many calls fail: <call> is open, read, write, sync,
 *                                              truncate, unlink or map, <file> is db, wal, shm, lock or any
 * Each fault is one line on standard error. Nothing is synced: no test here takes the power away.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum call { OPEN, READ, WRITE, SYNC, TRUNCATE, UNLINK, MAP };
static const char *CALLS[] = {"open", "read", "write", "sync", "truncate", "unlink", "map"};
enum file { NONE, DB, WAL, SHM, LOCK };
static const char *FILES[] = {"none", "db", "wal", "shm", "lock"};

#define DESCRIPTORS 4096
static unsigned char files[DESCRIPTORS];
static const char *directory;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int random_every;
static uint64_t random_state;
/* How many calls go well before the next read may fail again: a disk that never reads is no file any more. */
static int reads_to_spare;
/* How many writes and syncs fail in a row. */
static int burst;

static struct { int on; enum call call; int file; int error; int after; int times; } next;

static uint64_t chance(uint64_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static void tell(const char *what, enum call call, enum file file) {
    char line[80];
    int length = snprintf(line, sizeof line, "fault %s %s %s\n", what, CALLS[call], FILES[file]);
    syscall(SYS_write, 2, line, (size_t)length);
}

static void die(enum call call, enum file file) {
    tell("kill", call, file);
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
}

static void obey(const char *command) {
    char call[16], file[16];
    unsigned long long seed;
    pthread_mutex_lock(&mutex);
    next.on = 0;
    random_every = 0;
    burst = 0;
    if (sscanf(command, "/fault/random/%llu/%d", &seed, &random_every) == 2) {
        random_state = seed * 0x9E3779B97F4A7C15u | 1;
        for (int i = 0; i < 16; i++) chance(2);
    } else if (sscanf(command, "/fault/next/%15[^/]/%15[^/]/%d/%d/%d", call, file, &next.error, &next.after, &next.times) == 5) {
        next.on = 1;
        next.file = -1;
        for (int i = 0; i < 7; i++) if (!strcmp(call, CALLS[i])) next.call = i;
        for (int i = 0; i < 5; i++) if (!strcmp(file, FILES[i])) next.file = i;
    }
    pthread_mutex_unlock(&mutex);
}

/* What is to become of a call: 0, or its error. For a write, `part` is how much of it happens all the same. */
static int fault(enum call call, enum file file, size_t *part) {
    int error = 0;
    if (file == NONE) return 0;
    pthread_mutex_lock(&mutex);
    if (next.on && next.call == call && (next.file < 0 || next.file == (int)file)) {
        if (next.after > 0) next.after--;
        else if (next.times > 0) {
            next.times--;
            error = next.error;
            if (part) *part = 0;
        }
    } else if (random_every > 0 && file != LOCK) {
        int writes = call == WRITE || call == SYNC || call == TRUNCATE;
        int now = chance((uint64_t)random_every) == 0;
        if (call == READ && reads_to_spare > 0) { reads_to_spare--; now = 0; }
        if (writes && burst > 0) { burst--; now = 1; }
        if (now) {
            uint64_t kind = chance(16);
            if (kind == 0 && burst == 0) die(call, file);
            if (call == READ) reads_to_spare = 400;
            if (writes && kind == 1) burst = (int)chance(60);
            error = call == OPEN ? (kind < 8 ? EMFILE : EIO) : call == MAP ? ENOMEM : call == WRITE && kind < 6 ? ENOSPC : EIO;
            if (part && kind >= 9) {
                /* A part of it, or all of it, reached the disk; then an error, or the end. */
                size_t whole = *part;
                *part = kind >= 14 ? whole : (size_t)chance(whole + 1);
                if (kind == 9) error = -1;
            } else if (part) *part = 0;
        }
    }
    pthread_mutex_unlock(&mutex);
    if (error > 0) tell(strerrorname_np(error), call, file);
    return error;
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real; })

static enum file file_of(const char *path) {
    const char *end;
    if (!directory || strncmp(path, directory, strlen(directory))) return NONE;
    if ((end = strrchr(path, '-')) && !strcmp(end, "-wal")) return WAL;
    if (end && !strcmp(end, "-shm")) return SHM;
    if ((end = strrchr(path, '.')) && !strcmp(end, ".db")) return DB;
    if (end && !strcmp(end, ".lock")) return LOCK;
    return NONE;
}

static enum file file_at(int fd) { return fd >= 0 && fd < DESCRIPTORS ? files[fd] : NONE; }

__attribute__((constructor)) static void begin(void) {
    const char *command = getenv("FAULT");
    directory = getenv("FAULT_DIR");
    if (command) obey(command);
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < DESCRIPTORS) files[fd] = file_of(path);
    return fd;
}

#define OPEN_CALL(name) \
    int name(const char *path, int flags, ...) { \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        int error = fault(OPEN, file_of(path), 0); \
        if (error) { errno = error; return -1; } \
        return opened(REAL(name)(path, flags, mode), path); \
    }
OPEN_CALL(open)
OPEN_CALL(open64)

int openat(int at, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    int error = fault(OPEN, file_of(path), 0);
    if (error) { errno = error; return -1; }
    return opened(REAL(openat)(at, path, flags, mode), path);
}

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) files[fd] = NONE;
    return REAL(close)(fd);
}

#define READ_CALL(name, parameters, arguments) \
    ssize_t name parameters { \
        int error = fault(READ, file_at(fd), 0); \
        if (error) { errno = error; return -1; } \
        return REAL(name) arguments; \
    }
READ_CALL(read, (int fd, void *bytes, size_t count), (fd, bytes, count))
READ_CALL(pread, (int fd, void *bytes, size_t count, off_t at), (fd, bytes, count, at))
READ_CALL(pread64, (int fd, void *bytes, size_t count, off64_t at), (fd, bytes, count, at))

#define WRITE_CALL(name, parameters, arguments) \
    ssize_t name parameters { \
        enum file file = file_at(fd); \
        size_t whole = count; \
        int error = fault(WRITE, file, &count); \
        if (!error) { count = whole; return REAL(name) arguments; } \
        if (count > 0 && count <= whole && REAL(name) arguments < 0) return -1; \
        if (error < 0) die(WRITE, file); \
        errno = error; \
        return -1; \
    }
WRITE_CALL(write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
WRITE_CALL(pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
WRITE_CALL(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))

#define SIMPLE_CALL(name, call, parameters, otherwise) \
    int name parameters { \
        int error = fault(call, file_at(fd), 0); \
        if (error) { errno = error; return -1; } \
        return otherwise; \
    }
SIMPLE_CALL(fsync, SYNC, (int fd), 0)
SIMPLE_CALL(fdatasync, SYNC, (int fd), 0)
SIMPLE_CALL(ftruncate, TRUNCATE, (int fd, off_t length), REAL(ftruncate)(fd, length))
SIMPLE_CALL(ftruncate64, TRUNCATE, (int fd, off64_t length), REAL(ftruncate64)(fd, length))
SIMPLE_CALL(fallocate, TRUNCATE, (int fd, int mode, off_t at, off_t length), REAL(fallocate)(fd, mode, at, length))

int posix_fallocate(int fd, off_t at, off_t length) {
    int error = fault(TRUNCATE, file_at(fd), 0);
    return error ? error : REAL(posix_fallocate)(fd, at, length);
}

int unlink(const char *path) {
    if (!strncmp(path, "/fault/", 7)) { obey(path); return 0; }
    int error = fault(UNLINK, file_of(path), 0);
    if (error) { errno = error; return -1; }
    return REAL(unlink)(path);
}

#define MAP_CALL(name, offset) \
    void *name(void *at, size_t length, int protection, int flags, int fd, offset from) { \
        int error = fault(MAP, file_at(fd), 0); \
        if (error) { errno = error; return MAP_FAILED; } \
        return REAL(name)(at, length, protection, flags, fd, from); \
    }
MAP_CALL(mmap, off_t)
MAP_CALL(mmap64, off64_t)
