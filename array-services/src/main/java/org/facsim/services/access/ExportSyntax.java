/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rules as text, in the notation of {@code exports(5)}: {@code 10.0.0.0/8(ro,root_squash) *(rw)}.
 * Blanks or semicolons separate rules.
 *
 * <p>Options that are left out have the values of {@link ExportOptions#DEFAULT}, which are not
 * those of Linux. There, an export is read-only, squashes root and needs a secure port by default,
 * and no ESXi host could use it.
 */
public final class ExportSyntax {
  /** The words between the parentheses, for messages. */
  public static final String OPTIONS =
      "ro, rw, root_squash, no_root_squash, all_squash, no_all_squash, anonuid=ID, anongid=ID,"
          + " secure, insecure, vers=3,4.0,4.1,4.2, vaai, novaai, sync, no_subtree_check,"
          + " sec=sys:krb5:krb5i:krb5p, xprtsec=none:tls:mtls";

  private static final Pattern RULE = Pattern.compile("([^\\s;()]+)(?:\\(([^()]*)\\))?");
  private static final Pattern BETWEEN = Pattern.compile("[\\s;]+");
  private static final Pattern VERSION = Pattern.compile("[\\d.]+");
  private static final Pattern ID = Pattern.compile("\\d{1,10}");
  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();
  private static final Splitter COLON = Splitter.on(':');

  private ExportSyntax() {}

  /**
   * Reads one or more rules.
   *
   * @throws IllegalArgumentException whose message says what is wrong and what is allowed
   */
  public static List<ExportRule> parseRules(String text) {
    String line = text.strip();
    List<ExportRule> rules = new ArrayList<>();
    Matcher rule = RULE.matcher(line);
    Matcher between = BETWEEN.matcher(line);
    int at = 0;
    while (at < line.length()) {
      rule.region(at, line.length());
      if (!rule.lookingAt()) {
        throw noRule(line.substring(at));
      }
      rules.add(new ExportRule(clients(rule.group(1)), options(rule.group(2))));
      at = rule.end();
      between.region(at, line.length());
      if (between.lookingAt()) {
        at = between.end();
      } else if (at < line.length()) {
        throw noRule(line.substring(at));
      }
    }
    if (rules.isEmpty()) {
      throw noRule(text);
    }
    return rules;
  }

  private static IllegalArgumentException noRule(String rest) {
    return new IllegalArgumentException(
        "'" + rest + "' is no rule; allowed: CLIENTS(OPTIONS), for example 10.0.0.0/8(ro)");
  }

  private static AddressRange clients(String text) {
    try {
      return AddressRange.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; allowed: an address, ADDRESS/BITS, ADDRESS/NETMASK or *", e);
    }
  }

  private static ExportOptions options(String words) {
    ExportOptions options = ExportOptions.DEFAULT;
    if (words == null) {
      return options;
    }
    Set<NfsVersion> versions = EnumSet.noneOf(NfsVersion.class);
    boolean saysVaai = false;
    boolean squashRoot = options.squash() != Squash.NONE;
    boolean squashAll = options.squash() == Squash.ALL;
    boolean isBehindVersions = false;
    for (String word : COMMA.split(words)) {
      if (isBehindVersions && VERSION.matcher(word).matches()) {
        versions.addAll(version(word, word));
        continue;
      }
      isBehindVersions = word.startsWith("vers=");
      switch (word) {
        case "root_squash", "no_root_squash" -> squashRoot = word.equals("root_squash");
        case "all_squash", "no_all_squash" -> squashAll = word.equals("all_squash");
        default -> {
          saysVaai |= word.equals("vaai");
          if (word.startsWith("vers=")) {
            versions.addAll(versions(word));
          } else {
            options = with(options, word);
          }
        }
      }
    }
    if (!options.security().contains(SecurityFlavor.SYS) && !saysVaai) {
      options = options.withVaaiAllowed(false); // callers of VAAI prove nothing
    }
    options = options.withSquash(squashAll ? Squash.ALL : squashRoot ? Squash.ROOT : Squash.NONE);
    return versions.isEmpty() ? options : options.withVersions(versions);
  }

  private static ExportOptions with(ExportOptions options, String word) {
    if (word.startsWith("sec=")) {
      return options.withSecurity(named(SecurityFlavor.class, word));
    }
    if (word.startsWith("xprtsec=")) {
      return options.withTransports(named(TransportSecurity.class, word));
    }
    if (word.startsWith("anonuid=")) {
      return options.withAnonymous(id(word), options.anonymousGid());
    }
    if (word.startsWith("anongid=")) {
      return options.withAnonymous(options.anonymousUid(), id(word));
    }
    return switch (word) {
      case "ro" -> options.withReadOnly(true);
      case "rw" -> options.withReadOnly(false);
      case "secure" -> options.withSecurePort(true);
      case "insecure" -> options.withSecurePort(false);
      case "vaai" -> options.withVaaiAllowed(true);
      case "novaai" -> options.withVaaiAllowed(false);
      // Lines for Linux contain these; they ask for what is always the case here.
      case "sync", "no_subtree_check" -> options;
      default -> throw unknown(word);
    };
  }

  /** Reads the constants that a word such as {@code sec=sys:krb5} names. */
  private static <E extends Enum<E>> Set<E> named(Class<E> kind, String word) {
    Set<E> found = EnumSet.noneOf(kind);
    for (String text : COLON.split(word.substring(word.indexOf('=') + 1))) {
      E constant =
          EnumSet.allOf(kind).stream()
              .filter(each -> each.toString().equals(text))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "'%s': '%s' is unknown; allowed, with colons between: %s"
                              .formatted(word, text, joined(EnumSet.allOf(kind)))));
      found.add(constant);
    }
    return found;
  }

  private static String joined(Set<?> constants) {
    return constants.stream().map(Object::toString).collect(Collectors.joining(":"));
  }

  private static long id(String word) {
    String digits = word.substring(word.indexOf('=') + 1);
    if (!ID.matcher(digits).matches() || Long.parseLong(digits) > 0xffff_ffffL) {
      throw new IllegalArgumentException("'" + word + "'; allowed: an id from 0 to 4294967295");
    }
    return Long.parseLong(digits);
  }

  private static Set<NfsVersion> versions(String word) {
    Set<NfsVersion> versions = EnumSet.noneOf(NfsVersion.class);
    for (String text : COLON.split(word.substring("vers=".length()))) {
      versions.addAll(version(text, word));
    }
    return versions;
  }

  /** Reads a version, or all minor ones of a version. */
  private static Set<NfsVersion> version(String text, String word) {
    Set<NfsVersion> versions = NfsVersion.named(text);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + word
              + "': version '"
              + text
              + "' of NFS is not served here; allowed: "
              + NfsVersion.allowed());
    }
    return versions;
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException("'" + word + "' is no export option; allowed: " + OPTIONS);
  }

  /** All options of a rule, as {@link #parseRules} reads them. */
  static String format(ExportOptions options) {
    List<String> words = new ArrayList<>();
    words.add(options.readOnly() ? "ro" : "rw");
    words.add(
        switch (options.squash()) {
          case NONE -> "no_root_squash";
          case ROOT -> "root_squash";
          case ALL -> "all_squash";
        });
    words.add("anonuid=" + options.anonymousUid());
    words.add("anongid=" + options.anonymousGid());
    words.add(options.securePort() ? "secure" : "insecure");
    words.add(
        "vers="
            + options.versions().stream()
                .map(NfsVersion::toString)
                .collect(Collectors.joining(",")));
    words.add(options.vaaiAllowed() ? "vaai" : "novaai");
    if (!options.security().equals(SecurityFlavor.standard())) {
      words.add("sec=" + joined(options.security()));
    }
    if (!options.transports().equals(TransportSecurity.standard())) {
      words.add("xprtsec=" + joined(options.transports()));
    }
    return String.join(",", words);
  }
}
