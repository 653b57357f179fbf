/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles in YAML. */
public final class ProfileFileTest {
  /** A profile out of the text of a file. */
  public static ArrayProfile parse(String yaml) {
    return ProfileFile.parse(yaml, "p.yaml");
  }

  @Test
  void whatIsNotSaidIsAsInTheProfileThatItIsLike() {
    ArrayProfile copying = NamedProfiles.find("copying").orElseThrow();
    ArrayProfile parsed =
        parse(
            """
            # ours
            name: ours
            description: 'at 1.5 GiB/s: fast'
            like: copying
            copy-bytes-per-second: 1.5GiB
            when-busy: busy
            dialects: [vaai-nas, http]
            """);
    assertThat(parsed)
        .isEqualTo(
            copying
                .draft()
                .named("ours", "at 1.5 GiB/s: fast")
                .copyBytesPerSecond(3L << 29)
                .whenBusy(WhenBusy.BUSY)
                .dialects(Set.of(Dialect.VAAI_NAS, Dialect.HTTP))
                .freeze());
    assertThat(parsed.fullClone()).isEqualTo(FullClone.COPY);
    assertThat(parse("name: x\ndialects: []").dialects()).isEmpty();
    assertThat(parse("{\"name\": \"x\"}").fullClone()).isEqualTo(FullClone.SHARE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "full-clone: sharing | p.yaml, line 2: full-clone: 'sharing'; allowed: share, copy, unsupported",
        "fullclone: share | p.yaml, line 2: 'fullclone' is no field; allowed: name, description, like,",
        "like: best | p.yaml, line 2: like: 'best'; allowed: sharing, copying,",
        "fast-clone: yes | p.yaml, line 2: fast-clone: 'yes'; allowed: true, false",
        "max-clone-depth: 65 | p.yaml, line 2: max-clone-depth: '65'; allowed: 0 (no limit) to 64",
        "max-clone-depth: -1 | p.yaml, line 2: max-clone-depth: '-1'; allowed: 0 (no limit) to 64",
        "max-clone-depth: 1 | p.yaml: max-clone-depth: 1 counts cloning snapshots; allowed: 0, or",
        "max-queued-clones: 1 | p.yaml: max-queued-clones: 1 wait for nothing; allowed: 0, or",
        "copy-bytes-per-second: fast | p.yaml, line 2: 'fast' is not a size; allowed: a number and",
        "copy-bytes-per-second: 2TiB | p.yaml, line 2: copy-bytes-per-second: '2199023255552'; allowed:",
        "dialects: [nfs] | p.yaml, line 2: dialects: '[nfs]'; allowed: a list, perhaps empty, of vaai-nas",
        "name: y | p.yaml, line 2: name: is there twice; allowed: once",
        "full-clone: {a: b} | p.yaml, line 2: full-clone: a mapping within; allowed: one value",
        "'when-busy: [[a]]' | p.yaml, line 2: when-busy: a mapping within; allowed: one value",
        "'full-clone: [a' | p.yaml, line",
      })
  void whatIsWrongIsNamedWithItsLineAndWhatIsAllowed(String line, String message) {
    assertThatThrownBy(() -> parse("name: x\n" + line + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aFileWithoutANameOrWithoutAMappingIsRefused() {
    assertThatThrownBy(() -> parse("like: copying"))
        .hasMessage("p.yaml: name: missing; allowed: any text");
    assertThatThrownBy(() -> parse("- a"))
        .hasMessageStartingWith("p.yaml: no mapping; allowed: lines of 'key: value'");
    assertThatThrownBy(() -> parse("")).hasMessageStartingWith("p.yaml: no mapping");
  }

  @Test
  void aProfileIsFoundByNameOrFile(@TempDir Path directory) throws Exception {
    assertThat(ProfileFile.find("depth-1").maxCloneDepth()).isEqualTo(1);
    Path file = Files.writeString(directory.resolve("ours.yaml"), "name: ours");
    assertThat(ProfileFile.find(file.toString()).name()).isEqualTo("ours");
    assertThatThrownBy(() -> ProfileFile.find(directory.toString()))
        .hasMessageContaining("is no profile and no file; allowed: a YAML file, or sharing,");
    Files.writeString(file, "#".repeat(ProfileFile.MAX_BYTES + 1));
    assertThatThrownBy(() -> ProfileFile.find(file.toString()))
        .hasMessage(file + ": 65537 bytes; allowed: 65536");
  }
}
