/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Bandwidth;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.Gate;
import org.facsim.services.calls.ReplyVerdict;

/**
 * One request that links of the call chain watch, and what their verdicts do to it and to its
 * connection. Thread-safe, because answers come from the door's workers; what concerns the
 * connection happens on its event loop.
 */
final class WatchedRequest {
  /** How long a client may send on after the end of its stream. */
  private static final int LINGER_SECONDS = 2;

  private final CallRecord call;
  private final HttpServerRequest request;

  /** Null if the connection has ended already. */
  private final Channel channel;

  private final Line line;
  private final AtomicBoolean isAnswered = new AtomicBoolean();
  private final AtomicBoolean hasEnded = new AtomicBoolean();

  /** What the request waits for; guarded by this. */
  private Future<?> timer;

  private Gate.Waiting gate;
  private Bandwidth bandwidth;
  private boolean isBroken;

  /** Whether the request, or its answer, is kept back or lost. */
  private volatile boolean isKept;

  /**
   * What the requests of one door have in common.
   *
   * @param accepted knows the channels of its clients
   * @param unansweredTimeout how long a connection stays whose request gets no answer
   */
  record Line(AcceptLimit accepted, Duration unansweredTimeout) {}

  WatchedRequest(CallRecord call, HttpServerRequest request, Line line) {
    this.line = line;
    this.call = call;
    this.request = request;
    this.channel = line.accepted().channelOf(call.client());
  }

  CallRecord call() {
    return call;
  }

  /** Whether nothing more on the connection is to be served. */
  boolean isBroken() {
    return isBroken;
  }

  /**
   * Obeys what the links decided when the request arrived; on the event loop.
   *
   * @param latest the connection's latest bandwidth, or null
   * @param serve serves the request
   */
  void arrived(Bandwidth latest, Runnable serve) {
    ArrivalVerdict verdict = call.arrivalVerdict();
    switch (verdict.kind()) {
      case SERVE -> serve.run();
      case NO_ANSWER -> leave();
      case CLOSE -> {
        end();
        closeCleanly();
      }
      case RESET -> {
        end();
        reset();
      }
      case DELAY -> {
        request.pause();
        after(verdict.nanos(), () -> resume(serve));
      }
      case HOLD -> {
        request.pause();
        untilOpen(verdict.gate(), () -> resume(serve));
      }
      case STOP_READING -> {
        stopReading(verdict);
        serve.run();
      }
      case LIMIT -> {
        bandwidth = verdict.bandwidth(latest);
        long nanos = bandwidth.applyAsLong(call.requestBytes());
        request.pause();
        after(nanos, () -> resume(serve));
      }
    }
  }

  /** The bandwidth of the connection; null without a limit. */
  Bandwidth bandwidth() {
    return bandwidth;
  }

  private void resume(Runnable serve) {
    serve.run();
    request.resume();
  }

  private void stopReading(ArrivalVerdict verdict) {
    if (channel == null) {
      return;
    }
    channel.config().setAutoRead(false);
    Runnable readOn = () -> channel.config().setAutoRead(true);
    if (verdict.gate() == null) {
      schedule(verdict.nanos(), readOn);
    } else {
      when(verdict.gate(), readOn);
    }
  }

  /**
   * Obeys what the links decided about the answer.
   *
   * @param write writes the answer
   */
  void answered(int status, Buffer body, Runnable write) {
    if (!isAnswered.compareAndSet(false, true)) {
      return; // a link has taken the answer out of the door's hands
    }
    Departure departure =
        new Departure(status, body.length(), () -> ByteBuffer.wrap(body.getBytes()));
    ReplyVerdict verdict = call.answered(departure);
    long nanos = bandwidth == null ? 0 : bandwidth.applyAsLong(body.length());
    switch (verdict.kind()) {
      case SEND, TWICE -> writeAfter(nanos, write);
      case DELAY, BEHIND -> writeAfter(nanos + verdict.nanos(), write);
      case NO_ANSWER -> leave();
      case CLOSE -> {
        end();
        closeCleanly();
      }
      case RESET -> {
        end();
        reset();
      }
    }
  }

  private void writeAfter(long nanos, Runnable write) {
    Runnable last =
        () -> {
          end();
          write.run();
        };
    if (nanos > 0) {
      after(nanos, last);
    } else {
      last.run();
    }
  }

  /** A link has decided at the operation point that the request gets no answer. */
  void overruled(CallOverruled overruled) {
    isAnswered.set(true);
    switch (overruled.verdict().kind()) {
      case CLOSE -> {
        end();
        closeCleanly();
      }
      case RESET -> {
        end();
        reset();
      }
      case PERFORM, REFUSE, STATUS, ALTER, NO_ANSWER -> leave();
    }
  }

  /** Leaves the request without an answer. Its connection stays, but not for ever. */
  private void leave() {
    end();
    after(line.unansweredTimeout().toNanos(), this::close);
  }

  /** The door closes: it does not wait for what a link keeps back. */
  void doorCloses(Line closing) {
    if (line.equals(closing) && isKept) {
      close();
    }
  }

  /** Ends the body of an answer before its announced length. */
  void cut() {
    closeCleanly();
  }

  private void close() {
    if (channel != null) {
      var unused = channel.close();
    }
  }

  /**
   * Lets the client read the end of the stream. Unread bytes of it would make that a reset, so what
   * it sends is skipped for a while.
   */
  private void closeCleanly() {
    if (channel instanceof DuplexChannel duplex) {
      onLoop(
          () -> {
            isBroken = true;
            var unused = duplex.shutdownOutput();
            after(TimeUnit.SECONDS.toNanos(LINGER_SECONDS), this::close);
          });
    }
  }

  private void reset() {
    if (channel == null) {
      return;
    }
    onLoop(
        () -> {
          isBroken = true;
          try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
          } catch (ChannelException e) {
            // the socket is closed already
          }
          close();
        });
  }

  private void onLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // the door has closed, and the connection with it
    }
  }

  /** Keeps the request, its answer or its connection for a time. */
  private void after(long nanos, Runnable task) {
    schedule(nanos, kept(task));
  }

  /** The request is kept until the task runs. */
  private Runnable kept(Runnable task) {
    isKept = true;
    return () -> {
      isKept = false;
      task.run();
    };
  }

  private synchronized void schedule(long nanos, Runnable task) {
    if (channel == null) {
      return;
    }
    try {
      timer = channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // the door has closed, and the connection with it
    }
  }

  /** Keeps the request until a gate opens. */
  private void untilOpen(Gate opens, Runnable task) {
    when(opens, kept(task));
  }

  private void when(Gate opens, Runnable task) {
    if (channel == null) {
      return;
    }
    Gate.Waiting waits = opens.whenOpen(() -> onLoop(task));
    synchronized (this) {
      gate = waits;
    }
  }

  private void end() {
    if (hasEnded.compareAndSet(false, true)) {
      call.ended();
    }
  }

  /** The connection has ended; whatever waits is dropped. */
  void gone() {
    isAnswered.set(true);
    synchronized (this) {
      if (timer != null) {
        timer.cancel(false);
      }
      if (gate != null) {
        gate.close();
      }
    }
    end();
  }
}
