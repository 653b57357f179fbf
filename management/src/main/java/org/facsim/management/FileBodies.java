/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.management.FileRoutes.FileEntryJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.SeededFile;
import org.facsim.services.control.Visits;

/**
 * The contents of files over HTTP, piece by piece: a request or an answer holds at most one piece
 * in memory, and a thread only while it works on it. At most {@value #MAX_TRANSFERS} transfers run
 * at a time.
 */
final class FileBodies {
  static final int MAX_TRANSFERS = 16;

  private static final int PIECE_BYTES = 512 << 10;
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int PARTIAL = 206;
  private static final int NOT_SATISFIABLE = 416;
  private static final String OCTETS = "application/octet-stream";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private final Vertx vertx;
  private final ArrayControl array;
  private final Workers workers;
  private final Visits visits;
  private final OpenAnswers open;
  private final AtomicInteger transfers = new AtomicInteger();

  FileBodies(Vertx vertx, ArrayControl array, Workers workers, Visits visits, OpenAnswers open) {
    this.vertx = vertx;
    this.array = array;
    this.workers = workers;
    this.visits = visits;
    this.open = open;
  }

  private void begin(RoutingContext context) {
    if (transfers.incrementAndGet() > MAX_TRANSFERS) {
      transfers.decrementAndGet();
      throw new Problem(
          503, "Busy", MAX_TRANSFERS + " files are transferred already; try again later");
    }
    context.addEndHandler(v -> transfers.decrementAndGet());
  }

  // ---------------------------------------------------------------- contents that come

  /**
   * Takes the body of a request as the contents of a file. Runs on a worker, the request is paused.
   */
  void receive(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.trim().equalsIgnoreCase(OCTETS)) {
      throw new Problem(
          415,
          "Unsupported media type",
          (type == null ? "no Content-Type" : "Content-Type: '" + type + "'")
              + "; allowed: "
              + OCTETS);
    }
    var unused = Asked.of(context);
    Volume volume = RequestedVolume.of(context, array);
    String path = Asked.rest(context);
    if (context.request().getHeader("If-Match") != null) {
      Etags.check(context, tagOf(volume, path));
    }
    begin(context);
    Incoming incoming = new Incoming(context, array.files().seed(volume, path));
    context.addEndHandler(v -> incoming.abandon());
    vertx.runOnContext(v -> incoming.begin());
  }

  private String tagOf(Volume volume, String path) {
    try {
      return Etags.of(array.files().find(volume, path).attributes());
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /** A body under way. Everything but the writing of pieces happens on the event loop. */
  private final class Incoming {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final SeededFile file;
    private Buffer piece = Buffer.buffer();
    private boolean isOver;
    private boolean isWriting;
    private boolean isAbandoned;

    Incoming(RoutingContext context, SeededFile file) {
      this.context = context;
      this.request = context.request();
      this.file = file;
    }

    void begin() {
      request.exceptionHandler(failure -> abandon());
      request.handler(
          chunk -> {
            piece.appendBuffer(chunk);
            if (piece.length() >= PIECE_BYTES && !isWriting) {
              request.pause();
              write();
            }
          });
      request.endHandler(
          v -> {
            isOver = true;
            if (!isWriting) {
              write();
            }
          });
      request.resume();
    }

    private void write() {
      isWriting = true;
      Buffer next = piece;
      piece = Buffer.buffer();
      boolean isLast = isOver;
      try {
        workers.run(() -> work(next, isLast));
      } catch (Problem busy) {
        fail(busy);
      }
    }

    /** On a worker. */
    private void work(Buffer next, boolean isLast) {
      try {
        visits.during(
            () -> {
              var unused = array.files(); // fails if the array is away
              file.append(ByteBuffer.wrap(next.getBytes()));
              if (isLast) {
                SeededFile.Committed done = file.commit();
                Answers.json(context, done.isNew() ? CREATED : OK, FileEntryJson.of(done.file()));
              }
            });
        vertx.runOnContext(v -> written(isLast));
      } catch (RuntimeException e) {
        vertx.runOnContext(v -> fail(e));
      }
    }

    private void written(boolean isLast) {
      isWriting = false;
      if (isLast || isAbandoned) {
        abandon();
      } else if (isOver) {
        write();
      } else {
        request.resume();
      }
    }

    private void fail(RuntimeException why) {
      isWriting = false;
      Answers.failure(context, why);
      abandon();
      if (!isOver) { // what still comes of the body is skipped
        request.handler(chunk -> {});
        request.resume();
      }
    }

    /** Frees what was written aside, unless a worker writes just now; then it does so after it. */
    void abandon() {
      if (isWriting) {
        isAbandoned = true;
        return;
      }
      try {
        workers.run(this::close);
      } catch (Problem busy) {
        close();
      }
    }

    private void close() {
      try {
        visits.during(file::close);
      } catch (RuntimeException gone) {
        // with the array's run the file without a name is gone
      }
    }
  }

  // ---------------------------------------------------------------- contents that go

  /**
   * Answers with the contents of a file, or a range of them.
   *
   * @throws Problem 416
   */
  void send(RoutingContext context) {
    var unused = Asked.of(context);
    Volume volume = RequestedVolume.of(context, array);
    String path = Asked.rest(context);
    Inode file = array.files().find(volume, path);
    FileAttributes attributes = file.attributes();
    if (attributes.type() != FileType.REGULAR) {
      throw new ArrayException(
          attributes.type() == FileType.DIRECTORY ? ArrayError.IS_DIRECTORY : ArrayError.WRONG_TYPE,
          "'" + path + "' is no regular file; ?path= of the files lists a directory");
    }
    long sizeBytes = attributes.sizeBytes();
    Range range = range(context, sizeBytes);
    begin(context);
    HttpServerResponse response = context.response();
    response.putHeader("ETag", Etags.of(attributes));
    response.putHeader("Accept-Ranges", "bytes");
    response.putHeader("Content-Disposition", "attachment");
    if (range.isPart) {
      response.putHeader(
          "Content-Range", "bytes " + range.from + "-" + (range.end - 1) + "/" + sizeBytes);
    }
    Answers.begin(
        context,
        range.isPart ? PARTIAL : OK,
        OCTETS,
        range.end - range.from,
        () -> {
          Outgoing outgoing = new Outgoing(context, file, range);
          open.add(context, () -> {});
          context.addEndHandler(v -> open.remove(context));
          vertx.runOnContext(v -> outgoing.next());
        });
  }

  private record Range(long from, long end, boolean isPart) {}

  /** The range that is asked for. What is no single range of bytes is ignored, as RFC 9110 says. */
  private static Range range(RoutingContext context, long sizeBytes) {
    String wanted = context.request().getHeader("Range");
    Matcher matcher = wanted == null ? null : RANGE.matcher(wanted.trim());
    if (matcher == null || !matcher.matches()) {
      return new Range(0, sizeBytes, false);
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    long from;
    long end = sizeBytes;
    if (first.isEmpty()) {
      if (last.isEmpty()) {
        return new Range(0, sizeBytes, false);
      }
      from = Math.max(0, sizeBytes - Long.parseLong(last));
    } else {
      from = Long.parseLong(first);
      if (!last.isEmpty()) {
        end = Math.min(sizeBytes, Long.parseLong(last) + 1);
      }
    }
    if (from >= end) {
      context.response().putHeader("Content-Range", "bytes */" + sizeBytes);
      throw new Problem(
          NOT_SATISFIABLE,
          "Range not satisfiable",
          "Range: " + wanted + "; the file has " + sizeBytes + " bytes");
    }
    return new Range(from, end, true);
  }

  /** An answer under way. */
  private final class Outgoing {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Inode file;
    private final long end;
    private long at;

    Outgoing(RoutingContext context, Inode file, Range range) {
      this.context = context;
      this.response = context.response();
      this.file = file;
      this.at = range.from;
      this.end = range.end;
    }

    void next() {
      if (response.closed() || response.ended()) {
        return;
      }
      if (at == end) {
        var unused = response.end();
        return;
      }
      try {
        workers.run(this::read);
      } catch (Problem busy) {
        breakOff();
      }
    }

    /** On a worker. */
    private void read() {
      try {
        int most = (int) Math.min(PIECE_BYTES, end - at);
        ByteBuffer[] piece = new ByteBuffer[1];
        visits.during(() -> piece[0] = array.files().read(file, at, most));
        vertx.runOnContext(v -> write(piece[0]));
      } catch (RuntimeException e) {
        vertx.runOnContext(v -> breakOff());
      }
    }

    private void write(ByteBuffer piece) {
      if (response.closed() || response.ended()) {
        return;
      }
      if (!piece.hasRemaining()) { // it was truncated meanwhile
        breakOff();
        return;
      }
      at += piece.remaining();
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      var unused = response.write(Buffer.buffer(bytes));
      if (response.writeQueueFull()) {
        response.drainHandler(v -> next());
      } else {
        next();
      }
    }

    /** The client sees that the contents are not complete. */
    private void breakOff() {
      open.remove(context);
      var unused = context.request().connection().close();
    }
  }
}
