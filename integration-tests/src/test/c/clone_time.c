/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the clone of a whole file takes: clone_time SOURCE DESTINATION TIMES. Makes the destination anew each time
 * and prints the shortest and the longest time, in microseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static int fail(const char *what) {
  fprintf(stderr, "clone_time: %s: %s\n", what, strerror(errno));
  return 1;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "clone_time SOURCE DESTINATION TIMES\n");
    return 2;
  }
  int source = open(arguments[1], O_RDONLY);
  if (source < 0) return fail(arguments[1]);
  long shortest = -1, longest = 0;
  for (int i = atoi(arguments[3]); i > 0; i--) {
    int destination = open(arguments[2], O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (destination < 0) return fail(arguments[2]);
    long begin = now_us();
    if (ioctl(destination, FICLONE, source)) return fail("FICLONE");
    long took = now_us() - begin;
    if (shortest < 0 || took < shortest) shortest = took;
    if (took > longest) longest = took;
    if (close(destination)) return fail("close");
  }
  printf("%ld %ld\n", shortest, longest);
  return 0;
}
