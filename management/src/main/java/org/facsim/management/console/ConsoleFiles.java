/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All files of the console, by the paths at which a browser finds them.
 *
 * <p>Everything but pages is below {@code /console/HASH/}, where HASH is made of the contents of
 * all files. Modules load each other by relative paths, so all of them are of one version, a
 * browser may keep them for ever, and no import map is needed, which a content security policy
 * would have to admit. A page says the hash, and is asked for anew each time.
 *
 * <p>A page is the same for every address that has one: what it shows is decided in the browser.
 */
public final class ConsoleFiles {
  /** Below it is what pages load. */
  public static final String ASSETS = "/console/";

  /** First parts of the addresses of pages. Each may have more parts. */
  public static final List<String> PAGES =
      List.of(
          "/vms",
          "/live",
          "/capacity",
          "/clones",
          "/volumes",
          "/events",
          "/journal",
          "/faults",
          "/hosts",
          "/lab",
          "/instructor",
          "/states",
          "/start",
          "/settings");

  /** First parts of what programs ask for. */
  private static final List<String> OF_PROGRAMS =
      List.of("/api", "/vaai", "/console", "/openapi.yaml", "/metrics", "/healthz", "/readyz");

  private static final String LIST = "files.txt";
  private static final String PAGE = "index.html";
  private static final String ASSETS_IN_PAGE = "{{assets}}";
  private static final int HASH_CHARACTERS = 16;

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml; charset=utf-8");

  /** Read when the first browser comes: most arrays never see one. */
  private static final Supplier<Map<String, ConsoleFile>> FILES =
      Suppliers.memoize(ConsoleFiles::read);

  private ConsoleFiles() {}

  /**
   * The file at a path; the page for every address that has one.
   *
   * @param path of a request, as it came
   */
  public static Optional<ConsoleFile> find(String path) {
    if (isPage(path)) {
      return Optional.of(FILES.get().get("/"));
    }
    return path.startsWith(ASSETS) ? Optional.ofNullable(FILES.get().get(path)) : Optional.empty();
  }

  /**
   * Whether an address belongs to programs, so that what is there is no page.
   *
   * @param path as the router understands it
   */
  public static boolean isOfPrograms(String path) {
    return OF_PROGRAMS.stream().anyMatch(each -> path.equals(each) || path.startsWith(each + "/"));
  }

  private static boolean isPage(String path) {
    if (path.equals("/")) {
      return true;
    }
    int end = path.indexOf('/', 1);
    return PAGES.contains(end < 0 ? path : path.substring(0, end));
  }

  private static Map<String, ConsoleFile> read() {
    Map<String, String> texts = new HashMap<>();
    Hasher all = Hashing.sha256().newHasher();
    for (String name : resource(LIST).lines().toList()) {
      String text = resource(name);
      texts.put(name, text);
      all.putUnencodedChars(name).putUnencodedChars(text);
    }
    String hash = all.hash().toString().substring(0, HASH_CHARACTERS);
    String assets = ASSETS + hash;
    Map<String, ConsoleFile> files = new HashMap<>();
    texts.forEach(
        (name, text) -> {
          if (!name.equals(PAGE)) {
            files.put(assets + "/" + name, file(name, text));
          }
        });
    files.put("/", file(PAGE, texts.get(PAGE).replace(ASSETS_IN_PAGE, assets)));
    return Map.copyOf(files);
  }

  private static ConsoleFile file(String name, String text) {
    String hash = Hashing.sha256().hashString(text, UTF_8).toString();
    return new ConsoleFile(
        TYPES.get(name.substring(name.lastIndexOf('.') + 1)),
        text,
        '"' + hash.substring(0, HASH_CHARACTERS) + '"',
        name.equals(PAGE));
  }

  private static String resource(String name) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the console lacks its file " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
