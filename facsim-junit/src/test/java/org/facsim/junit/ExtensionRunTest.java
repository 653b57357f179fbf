/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.embedded.ArrayFiles;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What only a run of other tests shows: isolation, failures, and what a mistake gets. */
class ExtensionRunTest {
  private static EngineExecutionResults run(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(tests))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .configurationParameter(
            "junit.jupiter.conditions.deactivate", "org.junit.*DisabledCondition")
        .execute();
  }

  private static void assertFailure(Class<?> tests, String text) {
    Events failed = run(tests).testEvents().failed();
    failed.assertThatEvents().haveAtLeastOne(finishedWithFailure(message(it -> it.contains(text))));
  }

  @Test
  void testsInParallelHaveArraysOfTheirOwn() {
    ParallelCase.ADDRESSES.clear();
    run(ParallelCase.class).testEvents().assertStatistics(counts -> counts.succeeded(12).failed(0));
    assertThat(ParallelCase.ADDRESSES).hasSize(12);
    assertThat(ParallelCase.ADDRESSES).allMatch(ExtensionRunTest::isClosed);
  }

  private static boolean isClosed(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Disabled("run by a test")
  @FacsimTest
  @Volume(name = "ds", size = "16MiB")
  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelCase {
    static final Set<InetSocketAddress> ADDRESSES = ConcurrentHashMap.newKeySet();

    @RepeatedTest(12)
    void seesItsOwnArrayOnly(FacsimArray array, InetSocketAddress address) throws Exception {
      ADDRESSES.add(address);
      try (NfsGuest guest = new NfsGuest(address, "/ds")) {
        guest.write("mine", 0);
      }
      assertThat(array.files().list("/ds")).containsExactly("mine");
    }
  }

  @Test
  @ResourceLock(Resources.SYSTEM_ERR)
  void aFailedTestPrintsSeedAndCalls() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      run(FailingCase.class).testEvents().assertStatistics(counts -> counts.failed(1).succeeded(1));
    } finally {
      System.setErr(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("The array of FailingCase.fails had the seed 99.");
    assertThat(text).contains("CREATE").contains("/datastore1/seen");
    assertThat(text).doesNotContain("/datastore1/unseen");
  }

  @Disabled("run by a test")
  @FacsimTest
  @Seed(99)
  static class FailingCase {
    @Test
    void fails(InetSocketAddress address) throws Exception {
      try (NfsGuest guest = new NfsGuest(address, "/datastore1")) {
        guest.write("seen", 0);
      }
      throw new AssertionError("as intended");
    }

    @Test
    void passes(InetSocketAddress address) throws Exception {
      try (NfsGuest guest = new NfsGuest(address, "/datastore1")) {
        guest.write("unseen", 0);
      }
    }
  }

  @Test
  void aFieldCanSayMore() {
    run(FieldCase.class).testEvents().assertStatistics(counts -> counts.succeeded(2).failed(0));
  }

  @Disabled("run by a test")
  @Volume(name = "outer", size = "1MiB")
  static class FieldCase {
    @RegisterExtension
    final FacsimExtension facsim =
        FacsimExtension.with(array -> array.portmapPort(0).volume("more", 1 << 20));

    @Test
    void theBuilderIsPassed(FacsimArray array) {
      assertThat(array.portmapAddress()).isPresent();
      assertThat(array.volumes()).extracting("name").containsExactly("outer", "more");
    }

    @Nested
    @Volume(name = "inner", size = "1MiB")
    class Inner {
      @Test
      void nestedClassesAdd(FacsimArray array) {
        assertThat(array.volumes()).extracting("name").containsExactly("outer", "inner", "more");
      }
    }
  }

  @Test
  void whatIsWrongIsNamedWithWhatIsAllowed() {
    assertFailure(WrongSize.class, "@Volume ds:");
    assertFailure(WrongProfile.class, "@Profile 'sharring' is not there; allowed: ");
    assertFailure(WrongFault.class, "@Fault: 0 actions; allowed: one of status,");
    assertFailure(WrongDoor.class, "@Fault: door 'nsf' is not there; allowed: nfs, mount,");
    assertFailure(WrongStatus.class, "JUKEBOXX");
    assertFailure(WrongFile.class, "there is no volume ds2; there are: ds");
    assertFailure(OwnVolume.class, "@Volume on ");
  }

  @Disabled("run by a test")
  @FacsimTest
  @Volume(name = "ds", size = "12 bananas")
  static class WrongSize {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest
  @Volume(name = "ds")
  @Profile(volume = "ds", value = "sharring")
  static class WrongProfile {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest
  @Fault(procedure = "WRITE")
  static class WrongFault {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest
  @Fault(door = "nsf", status = "JUKEBOX")
  static class WrongDoor {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest
  @Fault(door = "nfs", status = "JUKEBOXX")
  static class WrongStatus {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest
  @Volume(name = "ds")
  @StoredFile(path = "/ds2/file", size = "4KiB")
  static class WrongFile {
    @Test
    void never(ArrayFiles files) {}
  }

  @Disabled("run by a test")
  @FacsimTest(lifetime = ArrayLifetime.PER_CLASS)
  static class OwnVolume {
    @Test
    @Volume(name = "mine")
    void never(ArrayFiles files) {}
  }
}
