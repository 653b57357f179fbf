/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The operations of {@code openapi.yaml}, for tests that ask all of them. */
final class DescribedOperations {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  private DescribedOperations() {}

  /**
   * An operation.
   *
   * @param template the path with its parameters in braces
   */
  record Operation(String method, String template) {
    /** A path with something in the place of each parameter. */
    String path(String parameter) {
      return template.replaceAll("\\{\\w+\\}", parameter);
    }

    @Override
    public String toString() {
      return method + " " + template;
    }
  }

  static List<Operation> all() {
    JsonNode document;
    try (var in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      document = new YAMLMapper().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    List<Operation> all = new ArrayList<>();
    for (var path : document.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          all.add(new Operation(operation.getKey().toUpperCase(Locale.ROOT), path.getKey()));
        }
      }
    }
    return all;
  }
}
