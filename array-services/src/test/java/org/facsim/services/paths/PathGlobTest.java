/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGlobTest {
  @ParameterizedTest
  @CsvSource({
    "/ds/**/*-flat.vmdk, /ds/vm/vm-flat.vmdk, true",
    "/ds/**/*-flat.vmdk, /ds/vm-flat.vmdk, true",
    "/ds/**/*-flat.vmdk, /ds/a/b/c/vm-flat.vmdk, true",
    "/ds/**/*-flat.vmdk, /ds/vm/vm.vmdk, false",
    "/ds/**/*-flat.vmdk, /other/vm/vm-flat.vmdk, false",
    "/ds/**, /ds, true",
    "/ds/**, /ds/a, true",
    "/ds/**, /ds2/a, false",
    "/**, /, true",
    "/**, /ds/a/b, true",
    "/ds/*, /ds/a, true",
    "/ds/*, /ds/a/b, false",
    "/ds/*, /ds, false",
    "/ds/vm?/x, /ds/vm1/x, true",
    "/ds/vm?/x, /ds/vm/x, false",
    "/ds/a*b*c, /ds/aXbYbZc, true",
    "/ds/a*b*c, /ds/aXbYbZ, false",
    "/ds/**/a/**/b, /ds/x/a/y/z/b, true",
    "/ds/**/a/**/b, /ds/x/y/z/b, false",
    "/ds//vm/, /ds/vm, true",
    "/ds/vm, /ds/vm/x, false",
    "/**/x, /ds/x/y/x, true",
    "/**/x, /ds/x/y, false",
  })
  void matchesWholePaths(String pattern, String path, boolean matches) {
    assertThat(PathGlob.parse(pattern).matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ds/x", "", "/ds/a**", "/ds/***", "/ds/\0"})
  void whatIsNoPatternIsRefusedWithWhatIsAllowed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathGlob.parse(text))
        .withMessageContaining("allowed: ");
  }

  @Test
  void aLongPatternIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathGlob.parse("/" + "a".repeat(PathGlob.MAX_LENGTH)))
        .withMessageContaining("at most 1024");
  }

  @Test
  void knowsInWhichVolumesItMayMatch() {
    assertThat(PathGlob.parse("/ds/**").mayBeIn("/ds")).isTrue();
    assertThat(PathGlob.parse("/ds/**").mayBeIn("/other")).isFalse();
    assertThat(PathGlob.parse("/d*/x").mayBeIn("/ds")).isTrue();
    assertThat(PathGlob.parse("/**/x").mayBeIn("/other")).isTrue();
    assertThat(PathGlob.parse("/").mayBeIn("/ds")).isFalse();
  }

  /** A pattern that makes a naive matcher go back exponentially often. */
  @Test
  void aHostilePatternIsMatchedInTime() {
    String pattern = "/ds" + "/**/a*".repeat(40) + "/b";
    String path = "/ds" + "/aaaaaaaaaaaaaaaaaaaaaaaa".repeat(400);
    assertThat(PathGlob.parse(pattern).matches(path)).isFalse();
    assertThat(PathGlob.parse("/" + "a*".repeat(400) + "b").matches("/" + "a".repeat(5000)))
        .isFalse();
  }
}
