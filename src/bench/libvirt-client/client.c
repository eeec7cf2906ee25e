// The C library's side of the benchmark: reads a command a line, answers with a line of name=value words.
//
//   calls PROCEDURE CALLERS SECONDS   threads that call on one connection as fast as they can
//   idle COUNT                        this process's memory and threads with so many idle connections open
//   migrate GUEST DESTINATION         one live peer-to-peer migration on the open connection
//
// With the argument "events" it runs libvirt's event loop in a thread of its own, keepalive every five seconds and a
// subscription to lifecycle events, as Drover and every long-lived client does; with "bare" it does none of that.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_CALLERS = 64, MAX_CONNECTIONS = 4096 };
static const char *uri;
static int with_events;
static volatile int stop;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *what) {
    fprintf(stderr, "client: %s: %s\n", what, virGetLastErrorMessage());
    exit(1);
}

static long status(const char *field) {
    char line[256];
    long value = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, field, strlen(field)) == 0) value = atol(line + strlen(field));
    if (f) fclose(f);
    return value;
}

static int lifecycle(virConnectPtr c, virDomainPtr d, int event, int detail, void *opaque) {
    (void)c, (void)d, (void)event, (void)detail, (void)opaque;
    return 0;
}

static void *event_loop(void *none) {
    for (;;)
        if (virEventRunDefaultImpl() < 0) fail("event loop");
    return none;
}

static virConnectPtr open_one(void) {
    virConnectPtr c = virConnectOpen(uri);
    if (!c) fail("open");
    if (with_events) {
        if (virConnectSetKeepAlive(c, 5, 5) < 0) fail("keepalive");
        if (virConnectDomainEventRegisterAny(c, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                             VIR_DOMAIN_EVENT_CALLBACK(lifecycle), NULL, NULL) < 0)
            fail("events");
    }
    return c;
}

static void call(virConnectPtr c, const char *procedure) {
    if (strcmp(procedure, "version") == 0) {
        unsigned long version;
        if (virConnectGetLibVersion(c, &version) < 0) fail("version");
        return;
    }
    virDomainStatsRecordPtr *stats;
    virDomainPtr *persistent;
    if (virConnectGetAllDomainStats(c, VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_BALLOON | VIR_DOMAIN_STATS_VCPU, &stats,
                                    VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT) < 0)
        fail("stats");
    int count = virConnectListAllDomains(c, &persistent, VIR_CONNECT_LIST_DOMAINS_PERSISTENT);
    if (count < 0) fail("list");
    virDomainStatsRecordListFree(stats);
    for (int i = 0; i < count; i++) virDomainFree(persistent[i]);
    free(persistent);
}

struct caller {
    virConnectPtr connection;
    const char *procedure;
    long calls;
    pthread_t thread;
};

static void *caller(void *mine) {
    struct caller *c = mine;
    while (!stop) {
        call(c->connection, c->procedure);
        c->calls++;
    }
    return NULL;
}

static void calls(virConnectPtr connection, const char *procedure, int callers, double seconds) {
    struct caller all[MAX_CALLERS];
    long total = 0;
    stop = 0;
    double start = now(), start_cpu = cpu();
    for (int i = 0; i < callers; i++) {
        all[i] = (struct caller){connection, procedure, 0, 0};
        if (pthread_create(&all[i].thread, NULL, caller, &all[i])) fail("thread");
    }
    struct timespec pause = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    nanosleep(&pause, NULL);
    stop = 1;
    for (int i = 0; i < callers; i++) {
        pthread_join(all[i].thread, NULL);
        total += all[i].calls;
    }
    printf("calls_per_s=%.1f cpu_us_per_call=%.2f\n", total / (now() - start), (cpu() - start_cpu) * 1e6 / total);
}

static void idle(int count) {
    static virConnectPtr open[MAX_CONNECTIONS];
    static int opened;
    if (count > MAX_CONNECTIONS) fail("too many");
    while (opened < count) open[opened++] = open_one();
    while (opened > count) virConnectClose(open[--opened]);
    malloc_trim(0);
    printf("rss_kib=%ld heap_kib=0 threads=%ld\n", status("VmRSS:"), status("Threads:"));
}

static void migrate(virConnectPtr c, const char *guest, const char *destination) {
    virDomainPtr domain = virDomainLookupByName(c, guest);
    if (!domain) fail(guest);
    double start = now();
    if (virDomainMigrateToURI3(domain, destination, NULL, 0, VIR_MIGRATE_LIVE | VIR_MIGRATE_PEER2PEER) < 0) fail("migrate");
    printf("seconds=%.4f\n", now() - start);
    virDomainFree(domain);
}

int main(int argc, char **argv) {
    char line[512], word[128], other[256];
    int count;
    double seconds;
    pthread_t loop;
    if (argc != 3) return fprintf(stderr, "usage: client URI events|bare\n"), 2;
    uri = argv[1];
    with_events = strcmp(argv[2], "events") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (virInitialize() < 0) fail("initialize");
    if (with_events) {
        if (virEventRegisterDefaultImpl() < 0) fail("event loop");
        if (pthread_create(&loop, NULL, event_loop, NULL)) fail("thread");
    }
    virConnectPtr connection = open_one();
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "calls %127s %d %lf", word, &count, &seconds) == 3 && count <= MAX_CALLERS)
            calls(connection, word, count, seconds);
        else if (sscanf(line, "idle %d", &count) == 1)
            idle(count);
        else if (sscanf(line, "migrate %127s %255s", word, other) == 2)
            migrate(connection, word, other);
        else
            return fprintf(stderr, "client: not understood: %s", line), 2;
    }
    return 0;
}
