/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.facsim.app.certify.CaseFacts.Contents;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalExport;
import org.facsim.services.offload.JobState;

/** Runs the command once, against an array that one case has prepared. */
final class CaseRun {
  private static final int MAX_CALLS = 10_000;
  private static final int OUTPUT_LINES = 20;
  private static final int CALL_TIMEOUT_SECONDS = 1;
  private static final int POLL_MILLIS = 50;
  private static final int CANCEL_PERCENT = 40;
  private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(10);
  private static final int KILLED = -1;

  private final List<String> command;
  private final Duration limit;
  private final Path reports;

  /**
   * @param reports the directory for the evidence of failures
   */
  CaseRun(List<String> command, Duration limit, Path reports) {
    this.command = List.copyOf(command);
    this.limit = limit;
    this.reports = reports;
  }

  /**
   * Runs one case.
   *
   * @throws IOException if the array cannot be started, the command cannot be started, or the
   *     evidence cannot be written
   */
  CaseResult run(CertifyCase of) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("facsim-certify");
    try {
      Path data = of.staging().restarts() ? work.resolve("data") : null;
      try (Stage stage = new Stage(data)) {
        if (of.operation() != Operation.FAST_CLONE) {
          stage.makeDestination();
        }
        of.staging().prepare(stage);
        return run(of, stage, work.resolve("output"));
      }
    } finally {
      delete(work);
    }
  }

  private CaseResult run(CertifyCase of, Stage stage, Path output)
      throws IOException, InterruptedException {
    long usedBefore = used(stage);
    long start = System.nanoTime();
    int exitCode = runCommand(of, stage, output);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    CaseFacts facts = facts(stage, exitCode, took, usedBefore, output);
    List<String> problems = stage.unsaid().isEmpty() ? Judge.problems(of, facts) : List.of();
    return new CaseResult(
        of,
        facts,
        stage.unsaid(),
        problems,
        problems.isEmpty() ? List.of() : evidence(of, stage, output));
  }

  private int runCommand(CertifyCase of, Stage stage, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment(of, stage));
    Process process = builder.start();
    process.getOutputStream().close();
    if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      return process.exitValue();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    return KILLED;
  }

  private Map<String, String> environment(CertifyCase of, Stage stage) {
    InetSocketAddress nfs = stage.address();
    return Map.ofEntries(
        Map.entry("FACSIM_CASE", of.name()),
        Map.entry("FACSIM_OPERATION", of.operation().label()),
        Map.entry("FACSIM_ADDRESS", nfs.getAddress().getHostAddress()),
        Map.entry("FACSIM_PORT", Integer.toString(nfs.getPort())),
        Map.entry(
            "FACSIM_PORTMAP_PORT",
            Integer.toString(stage.array().portmapAddress().orElseThrow().getPort())),
        Map.entry(
            "FACSIM_HTTP",
            FacsimArray.hostAndPort(stage.array().managementAddress().orElseThrow())),
        Map.entry("FACSIM_EXPORT", "/" + Stage.VOLUME),
        Map.entry("FACSIM_SOURCE", Stage.SOURCE),
        Map.entry("FACSIM_DESTINATION", Stage.DESTINATION),
        Map.entry("FACSIM_SOURCE_BYTES", Integer.toString(Stage.SOURCE_BYTES)),
        Map.entry("FACSIM_CALL_TIMEOUT_SECONDS", Integer.toString(CALL_TIMEOUT_SECONDS)),
        Map.entry("FACSIM_STALL_SECONDS", Long.toString(Cases.STALL.toSeconds())),
        Map.entry("FACSIM_POLL_MILLIS", Integer.toString(POLL_MILLIS)),
        Map.entry("FACSIM_CANCEL_PERCENT", Integer.toString(CANCEL_PERCENT)),
        Map.entry("FACSIM_LIMIT_SECONDS", Long.toString(limit.toSeconds())));
  }

  // ---------------------------------------------------------------- what the array knows

  private static CaseFacts facts(
      Stage stage, int exitCode, Duration took, long usedBefore, Path output)
      throws IOException, InterruptedException {
    long jobsLeft =
        stage.array().offload().jobs().stream()
            .filter(job -> !job.client().equals(Stage.OURSELVES))
            .filter(job -> !job.job().state().isFinal())
            .count();
    stage.array().offload().jobs().stream()
        .filter(job -> !job.job().state().isFinal())
        .forEach(
            job -> {
              var unused =
                  stage.array().offload().abort(job.job().jobId(), Caller.ROOT, "the case is over");
            });
    long made = stage.changes().stream().filter(each -> each.to() == JobState.SUCCEEDED).count();
    Contents contents = contents(stage);
    return new CaseFacts(
        exitCode,
        exitCode == KILLED,
        took,
        calls(stage, CallFilter.calls().door(Door.VAAI)),
        made,
        jobsLeft,
        contents,
        calls(
                stage,
                CallFilter.calls()
                    .door(Door.NFS)
                    .procedure("WRITE")
                    .path("/" + Stage.VOLUME + "/" + Stage.DESTINATION))
            .size(),
        usedOnceReclaimed(stage) - usedBefore,
        contents == Contents.CLONE
            ? stage
                .volume()
                .space()
                .of(stage.file(Stage.DESTINATION).orElseThrow())
                .exclusiveBytes()
            : 0,
        lastLines(output));
  }

  private static List<JournalEntry> calls(Stage stage, CallFilter filter) {
    List<JournalEntry> calls = new ArrayList<>();
    for (Journal journal : stage.journals()) {
      calls.addAll(journal.after(filter, 0, MAX_CALLS).entries());
    }
    return calls;
  }

  private static long used(Stage stage) {
    return stage.volume().space().ofVolume().physicalUsedBytes();
  }

  /** What an abort lets go of comes back in the background. */
  private static long usedOnceReclaimed(Stage stage) throws InterruptedException {
    long end = System.nanoTime() + RECLAIM_LIMIT.toNanos();
    while (stage.volume().space().ofVolume().reclaimPendingBytes() > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return used(stage);
  }

  private static Contents contents(Stage stage) {
    var found = stage.file(Stage.DESTINATION);
    if (found.isEmpty()) {
      return Contents.MISSING;
    }
    Inode file = found.get();
    Inode source = stage.file(Stage.SOURCE).orElseThrow();
    if (file.attributes().sizeBytes() != Stage.SOURCE_BYTES) {
      return Contents.PARTIAL;
    }
    boolean isSource = true;
    boolean isEmpty = true;
    ByteBuffer zeros = ByteBuffer.allocate(Volume.MAX_TRANSFER_BYTES);
    for (int at = 0; at < Stage.SOURCE_BYTES; at += Volume.MAX_TRANSFER_BYTES) {
      ByteBuffer bytes = read(file, at);
      isSource &= bytes.equals(read(source, at));
      isEmpty &= bytes.equals(zeros);
    }
    if (isSource) {
      return Contents.CLONE;
    }
    return isEmpty ? Contents.AS_IT_WAS : Contents.PARTIAL;
  }

  private static ByteBuffer read(Inode file, long offsetBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(Volume.MAX_TRANSFER_BYTES);
    var unused = file.volume().files().read(Caller.ROOT, file, offsetBytes, bytes);
    return bytes.position(0);
  }

  private static List<String> lastLines(Path output) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
    return lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size());
  }

  // ---------------------------------------------------------------- the evidence of a failure

  private List<Path> evidence(CertifyCase of, Stage stage, Path output) throws IOException {
    Files.createDirectories(reports);
    Path journal = reports.resolve(of.name() + ".journal.txt");
    Path packets = reports.resolve(of.name() + ".pcapng");
    Path said = reports.resolve(of.name() + ".output.txt");
    Files.write(
        journal, calls(stage, CallFilter.calls()).stream().map(JournalEntry::toString).toList());
    // sections of one file, one for each run of the array
    try (OutputStream out = Files.newOutputStream(packets)) {
      for (Journal each : stage.journals()) {
        JournalExport export = each.exportPcapng(CallFilter.calls());
        for (byte[] piece = export.next(); piece != null; piece = export.next()) {
          out.write(piece);
        }
      }
    }
    Files.copy(output, said, StandardCopyOption.REPLACE_EXISTING);
    return List.of(journal, packets, said);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failure)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
