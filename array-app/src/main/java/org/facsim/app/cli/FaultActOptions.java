/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.facsim.app.cli.FaultMatchOptions.put;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What happens to the calls of a fault rule. The array checks what the values say. */
final class FaultActOptions {
  private static final String TIME = "TIME";
  private static final String SIZE = "SIZE";
  private static final String NUMBER = "NUMBER";
  private static final String CHANGE = "+N|-N|N";
  private static final String PERCENT = "PERCENT";

  @Option(
      names = "--status",
      paramLabel = "NAME",
      description = {
        "What happens: the call is not performed, and answered with this status of its door, such as"
            + " JUKEBOX, NOSPC, STALE."
      })
  private String status;

  @Option(names = "--delay", paramLabel = TIME, description = "The reply comes so late.")
  private String delay;

  @Option(names = "--jitter", paramLabel = TIME, description = "By how much more or less.")
  private String jitter;

  @Option(
      names = "--bandwidth",
      paramLabel = SIZE,
      converter = Converters.Size.class,
      description = "Call and reply pass no faster than this in a second, such as 1MiB.")
  private Long bytesPerSecond;

  @Option(
      names = "--each-connection",
      description = "Each connection has the bandwidth for itself.")
  private boolean isEachConnection;

  @Option(names = "--no-answer", description = "Neither performed nor answered.")
  private boolean isNoAnswer;

  @Option(names = "--close", description = "The connection is closed (FIN).")
  private boolean isClose;

  @Option(names = "--reset", description = "The connection is reset (RST).")
  private boolean isReset;

  @Option(
      names = "--executed",
      description = "With --close and --reset: the call is performed before.")
  private boolean isExecuted;

  @Option(names = "--executed-but-lost", description = "Performed, and the reply is lost.")
  private boolean isExecutedButLost;

  @Option(names = "--twice", description = "The reply is sent twice.")
  private boolean isTwice;

  @Option(
      names = "--behind",
      paramLabel = NUMBER,
      description = "The reply is sent behind so many later ones of its connection.")
  private Integer behind;

  @Option(
      names = "--behind-limit",
      paramLabel = TIME,
      description = "After which it is sent in any case; 1s if not given.")
  private String behindLimit;

  @Option(
      names = "--short",
      paramLabel = "BYTES",
      description = "A READ returns, and a WRITE stores, so many bytes at most.")
  private Integer shortBytes;

  @Option(
      names = "--zero-window",
      description = "Served, and then nothing more is read from the connection.")
  private boolean isZeroWindow;

  @Option(names = "--pause", description = "Served when the time is over.")
  private boolean isPause;

  @Option(
      names = "--time",
      paramLabel = TIME,
      description = "Of --zero-window and --pause; until the rule ends if not given.")
  private String time;

  @Option(
      names = "--wrong-size",
      paramLabel = CHANGE,
      description = "The answer lies about sizes: more or less than the truth, or this.")
  private String wrongSize;

  @Option(
      names = "--wrong-mtime",
      paramLabel = CHANGE,
      description = "About times of modification, in seconds.")
  private String wrongMtime;

  @Option(names = "--wrong-file-id", paramLabel = CHANGE, description = "About file ids.")
  private String wrongFileId;

  @Option(names = "--wrong-links", paramLabel = CHANGE, description = "About link counts.")
  private String wrongLinks;

  @Option(
      names = "--mistake",
      paramLabel = "COUNT[xBYTES]",
      converter = MistakeForm.class,
      description = "So many runs of bytes are wrong in a READ's reply, or in a WRITE.")
  private Mistaken mistake;

  @Option(
      names = "--takeover",
      paramLabel = TIME,
      description = "A controller takeover; the array is away so long.")
  private String takeover;

  @Option(
      names = "--power-failure",
      paramLabel = "now|N|every=N",
      converter = PowerFailureForm.class,
      description = "The power fails now, at the nth commit group, or at every nth.")
  private Failing powerFailure;

  @Option(
      names = "--away",
      paramLabel = TIME,
      description = "Of --power-failure: how long there is no power; 0s if not given.")
  private String away;

  @Option(
      names = "--clone-rate",
      paramLabel = SIZE,
      converter = Converters.Size.class,
      description = "The clone job that the call starts does no more in a second.")
  private Long cloneBytesPerSecond;

  @Option(names = "--clone-slowdown", paramLabel = "TIMES", description = "It is so much slower.")
  private Double cloneSlowdown;

  @Option(
      names = "--clone-stall",
      paramLabel = PERCENT,
      description = "It stands still there until the rule ends.")
  private Integer cloneStall;

  @Option(names = "--clone-fail", paramLabel = PERCENT, description = "It fails there.")
  private Integer cloneFail;

  @Option(
      names = "--clone-error",
      paramLabel = "NAME",
      description = "What it fails with, such as NOSPC; IO if not given.")
  private String cloneError;

  record Mistaken(int count, int lengthBytes) {}

  static final class MistakeForm implements ITypeConverter<Mistaken> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(?:x(\\d{1,6}))?");

    @Override
    public Mistaken convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "'; allowed: a count, or count and length such as 3x16");
      }
      return new Mistaken(
          Integer.parseInt(form.group(1)),
          form.group(2) == null ? 1 : Integer.parseInt(form.group(2)));
    }
  }

  record Failing(long atGroup, boolean isRepeated) {}

  static final class PowerFailureForm implements ITypeConverter<Failing> {
    private static final Pattern FORM = Pattern.compile("now|(every=)?(\\d{1,10})");

    @Override
    public Failing convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'" + text + "'; allowed: now, the number of a commit group, every=NUMBER");
      }
      return form.group(2) == null
          ? new Failing(0, false)
          : new Failing(Long.parseLong(form.group(2)), form.group(1) != null);
    }
  }

  ObjectNode toJson() {
    ObjectNode act = JsonNodeFactory.instance.objectNode();
    put(act, "status", status);
    put(act, "delay", delay);
    put(act, "jitter", jitter);
    putIf(act, "eachConnection", isEachConnection);
    putIf(act, "noAnswer", isNoAnswer);
    putIf(act, "close", isClose);
    putIf(act, "reset", isReset);
    putIf(act, "executed", isExecuted);
    putIf(act, "executedButLost", isExecutedButLost);
    putIf(act, "twice", isTwice);
    put(act, "behindLimit", behindLimit);
    putIf(act, "zeroWindow", isZeroWindow);
    putIf(act, "pause", isPause);
    put(act, "time", time);
    put(act, "takeover", takeover);
    if (bytesPerSecond != null) {
      act.put("bytesPerSecond", bytesPerSecond);
    }
    if (behind != null) {
      act.put("behind", behind);
    }
    if (shortBytes != null) {
      act.put("shortBytes", shortBytes);
    }
    if (mistake != null) {
      act.putObject("mistake")
          .put("count", mistake.count())
          .put("lengthBytes", mistake.lengthBytes());
    }
    putUnlessEmpty(act, "attributes", attributes());
    putUnlessEmpty(act, "powerFailure", powerFailure());
    putUnlessEmpty(act, "cloneJob", cloneJob());
    return act;
  }

  private static void putIf(ObjectNode act, String field, boolean isChosen) {
    if (isChosen) {
      act.put(field, true);
    }
  }

  private static void putUnlessEmpty(ObjectNode act, String field, ObjectNode value) {
    if (!value.isEmpty()) {
      act.set(field, value);
    }
  }

  private ObjectNode attributes() {
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    put(attributes, "size", wrongSize);
    put(attributes, "mtime", wrongMtime);
    put(attributes, "fileId", wrongFileId);
    put(attributes, "links", wrongLinks);
    return attributes;
  }

  private ObjectNode powerFailure() {
    ObjectNode failure = JsonNodeFactory.instance.objectNode();
    if (powerFailure != null) {
      failure.put("atGroup", powerFailure.atGroup());
      putIf(failure, "repeated", powerFailure.isRepeated());
    }
    put(failure, "away", away);
    return failure;
  }

  private ObjectNode cloneJob() {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    if (cloneBytesPerSecond != null) {
      job.put("bytesPerSecond", cloneBytesPerSecond);
    }
    if (cloneSlowdown != null) {
      job.put("slowdown", cloneSlowdown);
    }
    if (cloneStall != null) {
      job.put("stallAtPercent", cloneStall);
    }
    if (cloneFail != null) {
      job.put("failAtPercent", cloneFail);
    }
    put(job, "error", cloneError);
    return job;
  }
}
