/*
 * Sends requests that were written beforehand, with as little work for this machine as can be: one thread, epoll, keep-alive, one
 * request at a time on each connection.
 *
 *     beats HOST PORT REQUESTS CONNECTIONS
 *
 * REQUESTS holds them one after the other, each with its length before it (four bytes, little endian). Each line of standard
 * input, "RATE SECONDS", is a run at so many requests a second (0: as fast as the connections can), answered by
 * "DONE FAILED SECONDS P50 P99 WORST CPU": milliseconds from when each was due, and this process' own seconds of CPU.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 16384, MOST_CONNECTIONS = 4096 };

struct connection {
    int fd;
    int length;
    double due;
    char answer[ROOM];
};

static struct connection *connections;
/* In turn: a connection that nothing is sent on for long is closed by the server. */
static int idle[MOST_CONNECTIONS];
static unsigned idle_first, idle_count;
static const char **requests;
static uint32_t *lengths;
static size_t request_count;
static float *took;
static size_t done, failed;

static void put_idle(int which) {
    idle[(idle_first + idle_count++) % MOST_CONNECTIONS] = which;
}

static int take_idle(void) {
    idle_count--;
    return idle[idle_first++ % MOST_CONNECTIONS];
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double processor(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void load(const char *path) {
    int fd = open(path, O_RDONLY);
    struct stat s;
    if (fd < 0 || fstat(fd, &s) < 0) fail(path);
    const char *all = mmap(NULL, s.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (all == MAP_FAILED) fail(path);
    size_t room = 1024;
    requests = malloc(room * sizeof *requests);
    lengths = malloc(room * sizeof *lengths);
    for (off_t at = 0; at < s.st_size;) {
        if (request_count == room) {
            room *= 2;
            requests = realloc(requests, room * sizeof *requests);
            lengths = realloc(lengths, room * sizeof *lengths);
        }
        memcpy(&lengths[request_count], all + at, 4);
        requests[request_count] = all + at + 4;
        at += 4 + lengths[request_count++];
    }
    close(fd);
}

static void connect_one(struct connection *c, int epoll, const char *host, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &to.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = c - connections};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
}

/* The whole length of an answer; 0 while its head is not complete. */
static int whole(struct connection *c) {
    c->answer[c->length] = 0;
    char *end = strstr(c->answer, "\r\n\r\n");
    if (!end) return 0;
    char *line = strcasestr(c->answer, "\r\ncontent-length:");
    return end + 4 - c->answer + (line && line < end ? atoi(line + 17) : 0);
}

struct destination {
    const char *host;
    int port, connections;
};

static void begin(struct connection *c, size_t which, double due) {
    c->length = 0;
    c->due = due;
    which %= request_count;
    /* Requests are far smaller than the socket's buffer, which is empty: nothing of them is left. */
    if (write(c->fd, requests[which], lengths[which]) != lengths[which]) fail("write");
}

/* True where the answer is complete. */
static int take(struct connection *c) {
    ssize_t read_now = read(c->fd, c->answer + c->length, ROOM - 1 - c->length);
    if (read_now == 0) errno = ECONNRESET;
    if (read_now <= 0) {
        if (read_now < 0 && errno == EAGAIN) return 0;
        fail("read");
    }
    c->length += read_now;
    int length = whole(c);
    if (length == 0 || c->length < length) return 0;
    failed += strncmp(c->answer + 9, "200", 3) != 0;
    took[done++] = (float)((now() - c->due) * 1000);
    return 1;
}

static int smaller(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void run(struct destination to, double rate, double seconds) {
    static size_t next;
    int epoll = epoll_create1(0);
    idle_first = idle_count = 0;
    for (int i = 0; i < to.connections; i++) {
        connect_one(&connections[i], epoll, to.host, to.port);
        put_idle(i);
    }
    size_t most = (size_t)((rate > 0 ? rate : 100000) * seconds) + 1, sent = 0, busy = 0;
    took = calloc(most, sizeof *took);
    done = failed = 0;
    double cpu = processor(), start = now(), time = start;
    struct epoll_event events[256];
    while (1) {
        int over = time - start >= seconds || sent >= most;
        while (!over && idle_count > 0 && sent < most && (rate == 0 || start + sent / rate <= time)) {
            begin(&connections[take_idle()], next++, rate == 0 ? now() : start + sent / rate);
            sent++;
            busy++;
        }
        if (over && busy == 0) break;
        int ready = epoll_wait(epoll, events, 256, over || (rate == 0) ? 1000 : 1);
        for (int i = 0; i < ready; i++) {
            if (take(&connections[events[i].data.u32])) {
                put_idle(events[i].data.u32);
                busy--;
            }
        }
        time = now();
    }
    qsort(took, done, sizeof *took, smaller);
    printf("%zu %zu %.3f %.2f %.2f %.2f %.3f\n", done, failed, now() - start, done ? took[done / 2] : 0,
           done ? took[done * 99 / 100] : 0, done ? took[done - 1] : 0, processor() - cpu);
    fflush(stdout);
    free(took);
    for (int i = 0; i < to.connections; i++) close(connections[i].fd);
    close(epoll);
}

int main(int count, char **arguments) {
    if (count != 5 || atoi(arguments[4]) < 1 || atoi(arguments[4]) > MOST_CONNECTIONS) {
        fprintf(stderr, "beats HOST PORT REQUESTS CONNECTIONS\n");
        return 3;
    }
    load(arguments[3]);
    struct destination to = {arguments[1], atoi(arguments[2]), atoi(arguments[4])};
    connections = calloc(to.connections, sizeof *connections);
    printf("ready\n");
    fflush(stdout);
    double rate, seconds;
    while (scanf("%lf %lf", &rate, &seconds) == 2) run(to, rate, seconds);
    return 0;
}
