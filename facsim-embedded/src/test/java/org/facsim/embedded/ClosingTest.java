/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.offload.JobScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosingTest {
  private final List<String> closed = new ArrayList<>();

  private Runnable fails(String name) {
    return () -> {
      closed.add(name);
      throw new IllegalStateException(name);
    };
  }

  @Test
  void allStepsAreTakenInOrderAndEveryFailureIsKept() {
    assertThatThrownBy(
            () -> Closing.inOrder(fails("a"), () -> closed.add("b"), fails("c"), fails("d")))
        .hasMessage("a")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("c", "d"));
    assertThat(closed).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aDoorThatCannotBeClosedKeepsNothingElseOpen(@TempDir Path data) throws IOException {
    JobScheduler failing =
        new JobScheduler() {
          @Override
          public void schedule(Runnable step, Duration delay) {}

          @Override
          public void close() {
            fails("offload").run();
          }
        };
    FacsimArray array =
        FacsimArray.builder()
            .dataDirectory(data)
            .volume("a", 1L << 30)
            .nfsPort(0)
            .jobScheduler(failing)
            .management((opened, vaai, calls) -> failingDoor())
            .start();
    InetSocketAddress nfs = array.nfsAddress();

    assertThatThrownBy(array::close)
        .hasMessage("management")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("offload"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NfsNullProbe.await(nfs, Duration.ofMillis(100)));
    assertThatCode(() -> FacsimArray.builder().dataDirectory(data).nfsPort(0).start().close())
        .as("the store is closed: another may open it")
        .doesNotThrowAnyException();
    assertThat(closed).containsExactly("management", "offload");
    assertThatCode(array::close).as("again").doesNotThrowAnyException();
    assertThat(closed).hasSize(2);
  }

  private ManagementDoor.Opened failingDoor() {
    return new ManagementDoor.Opened() {
      @Override
      public InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("nowhere", 1);
      }

      @Override
      public void close() {
        fails("management").run();
      }
    };
  }
}
