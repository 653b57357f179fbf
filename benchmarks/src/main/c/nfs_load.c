/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nfs_load HOST PORT MOUNTPORT EXPORT WORKLOAD CONNECTIONS DEPTH SECONDS [OPTION VALUE]...: loads an NFSv3 server over
 * TCP and prints one line of NAME=VALUE.
 *
 *   WORKLOAD     getattr lookup read4k write4k sync4k read64k read1m write64k write1m create
 *   --warm S     seconds of the same load before what is measured; 0.2
 *   --file MIB   size of the file that is read or written; 256
 *   --scatter MIB  before the load, so much of the file is overwritten in blocks of 4 KiB at random places; 0
 *   --pid N      the server: its CPU time and resident memory are printed too
 *   --vers 4     what is measured goes over NFSv4.1 (not create); all before and after it over NFSv3; 3
 *   --canned 1   the server is nfs_limit: what replies say is looked at and not judged
 *
 * Every reply is judged: transaction id, status, length, the attributes of the right file, the right handle, counts,
 * stability; of READs the first word of all and every byte of one in sixteen. After WRITEs the whole file is read
 * back, after creates and removes every name is looked up. Exit code 1 if anything was wrong, 2 if it could not run.
 */
#define _GNU_SOURCE
#include "load.h"

#include <time.h>
#include <unistd.h>

const char *const program_name = "nfs_load";

struct settings settings;

static const struct workload WORKLOADS[] = {
    {"getattr", GETATTR, 0, 0, 0},
    {"lookup", LOOKUP, 0, 0, 0},
    {"read4k", READ, 4 << 10, 1, 0},
    {"write4k", WRITE, 4 << 10, 1, STABLE_UNSTABLE},
    {"sync4k", WRITE, 4 << 10, 1, STABLE_FILE_SYNC},
    {"read64k", READ, 64 << 10, 0, 0},
    {"read1m", READ, 1 << 20, 0, 0},
    {"write64k", WRITE, 64 << 10, 0, STABLE_UNSTABLE},
    {"write1m", WRITE, 1 << 20, 0, STABLE_UNSTABLE},
    {"create", CREATE_REMOVE, 0, 0, 0},
};

static double seconds_of(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now)) return 0;
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* CPU time of the server so far, all threads. */
static double server_cpu_seconds(void) {
  clockid_t clock;
  if (!settings.server_pid || clock_getcpuclockid(settings.server_pid, &clock)) return 0;
  return seconds_of(clock);
}

static double server_resident_mib(void) {
  char path[64], line[256];
  double kib = 0;
  snprintf(path, sizeof path, "/proc/%d/status", settings.server_pid);
  FILE *status = settings.server_pid ? fopen(path, "r") : NULL;
  if (!status) return 0;
  while (fgets(line, sizeof line, status)) {
    if (!strncmp(line, "VmRSS:", 6)) kib = atof(line + 6);
  }
  fclose(status);
  return kib / 1024;
}

/* CPU time of everything on the machine so far. */
static double machine_cpu_seconds(void) {
  unsigned long long user = 0, nice = 0, system = 0, idle, wait, irq = 0, soft = 0;
  FILE *stat = fopen("/proc/stat", "r");
  if (!stat) return 0;
  int n = fscanf(stat, "cpu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &wait, &irq, &soft);
  fclose(stat);
  return n == 7 ? (double)(user + nice + system + irq + soft) / (double)sysconf(_SC_CLK_TCK) : 0;
}

static void parse(int count, char **arguments) {
  if (count < 9 || count % 2 == 0) DIE("HOST PORT MOUNTPORT EXPORT WORKLOAD CONNECTIONS DEPTH SECONDS [OPTION VALUE]...");
  settings.host = arguments[1];
  settings.port = atoi(arguments[2]);
  settings.mount_port = atoi(arguments[3]);
  settings.export_path = arguments[4];
  if (strlen(settings.export_path) > CALL_BYTES) DIE("an export path of at most %d bytes", CALL_BYTES);
  for (size_t i = 0; i < sizeof WORKLOADS / sizeof *WORKLOADS; i++) {
    if (!strcmp(arguments[5], WORKLOADS[i].name)) settings.work = WORKLOADS[i];
  }
  if (!settings.work.name) DIE("no workload is called %s", arguments[5]);
  settings.connections = atoi(arguments[6]);
  settings.depth = atoi(arguments[7]);
  settings.seconds = atof(arguments[8]);
  settings.warm_seconds = 0.2;
  settings.version = 3;
  settings.file_bytes = 256ull << 20;
  for (int i = 9; i < count; i += 2) {
    const char *value = arguments[i + 1];
    if (!strcmp(arguments[i], "--warm")) settings.warm_seconds = atof(value);
    else if (!strcmp(arguments[i], "--file")) settings.file_bytes = strtoull(value, NULL, 10) << 20;
    else if (!strcmp(arguments[i], "--scatter")) settings.scattered_bytes = strtoull(value, NULL, 10) << 20;
    else if (!strcmp(arguments[i], "--pid")) settings.server_pid = atoi(value);
    else if (!strcmp(arguments[i], "--vers")) settings.version = atoi(value);
    else if (!strcmp(arguments[i], "--canned")) settings.canned = atoi(value);
    else DIE("no option is called %s", arguments[i]);
  }
  if (settings.connections < 1 || settings.connections > MAX_CONNECTIONS) DIE("1 to %d connections", MAX_CONNECTIONS);
  if (settings.depth < 1 || settings.depth > MAX_DEPTH) DIE("1 to %d calls in flight", MAX_DEPTH);
  if (settings.seconds <= 0 || settings.seconds > 3600) DIE("up to 3600 seconds");
  if (settings.file_bytes < 8u << 20 || settings.file_bytes > 64ull << 30) DIE("a file of 8 MiB to 64 GiB");
}

int main(int count, char **arguments) {
  parse(count, arguments);
  pattern_prepare();
  int control = dial(settings.port);
  drive_open();
  setup(control);
  if (settings.version == 4) drive_v4();
  if (settings.warm_seconds > 0) drive(settings.warm_seconds, 0);
  counts.calls = counts.bytes = 0;
  latency_forget();

  double server = server_cpu_seconds(), own = seconds_of(CLOCK_PROCESS_CPUTIME_ID), machine = machine_cpu_seconds();
  double seconds = drive(settings.seconds, 0);
  server = server_cpu_seconds() - server;
  own = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - own;
  machine = machine_cpu_seconds() - machine;
  uint64_t calls = counts.calls;
  double mib = (double)counts.bytes / (1 << 20);
  double resident = server_resident_mib();

  is_v4 = 0;
  check_after(control);
  uint64_t errors = counts.errors;
  printf("workload=%s calls=%llu seconds=%.4f rate=%.1f mib_rate=%.1f cpu_us=%.3f p50_us=%.1f p99_us=%.1f"
         " resident_mib=%.1f own_cpu_us=%.3f other_cores=%.2f errors=%llu\n",
         settings.work.name, (unsigned long long)calls, seconds, (double)calls / seconds, mib / seconds,
         calls ? server * 1e6 / (double)calls : 0, latency_us(0.5), latency_us(0.99), resident,
         calls ? own * 1e6 / (double)calls : 0, (machine - server - own) / seconds, (unsigned long long)errors);
  if (errors) fprintf(stderr, "nfs_load: %s: %llu errors; the first: %s\n", settings.work.name,
                      (unsigned long long)errors, counts.first_error);
  return errors ? 1 : 0;
}
