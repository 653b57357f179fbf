/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that whoever uses the HTTP door must know, and the cookies that stand for it in a
 * browser. A cookie says when it ends, and proves with the token that this door made it; so nothing
 * is kept for it, it outlives a restart of the array, and whoever steals it does not have the
 * token.
 *
 * <p>Comparisons take the same time whatever is wrong. The text of this object hides the token.
 */
final class AccessToken {
  /** The shortest token that is taken. */
  static final int MIN_LENGTH = 16;

  static final int MAX_LENGTH = 256;

  /** How long a browser stays logged in. */
  static final Duration COOKIE_LIFE = Duration.ofHours(12);

  private static final int RANDOM_BYTES = 32;
  private static final String MAC = "HmacSHA256";
  private static final Pattern ALLOWED = Pattern.compile("[!-~]+");
  private static final Pattern COOKIE = Pattern.compile("(\\d{1,12})\\.([A-Za-z0-9_-]{43})");

  private final byte[] secret;

  private AccessToken(String text) {
    secret = text.getBytes(UTF_8);
  }

  /**
   * A token that was chosen.
   *
   * @throws IllegalArgumentException unless it has {@value #MIN_LENGTH} to {@value #MAX_LENGTH}
   *     visible characters of ASCII; the message does not show it
   */
  static AccessToken of(String text) {
    if (text.length() < MIN_LENGTH
        || text.length() > MAX_LENGTH
        || !ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "the token has "
              + text.length()
              + " characters; allowed: "
              + MIN_LENGTH
              + " to "
              + MAX_LENGTH
              + " letters, digits and signs, without spaces");
    }
    return new AccessToken(text);
  }

  /** A new token that nobody can guess. */
  static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether somebody knows the token. */
  boolean fits(String given) {
    // digests have one length, so that the length of the token does not show either
    return MessageDigest.isEqual(digest(given.getBytes(UTF_8)), digest(secret));
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** A cookie for somebody who knows the token. */
  String cookie(Instant now) {
    String end = Long.toString(now.plus(COOKIE_LIFE).getEpochSecond());
    return end + "." + proof(end);
  }

  /** Whether this door made a cookie, and it has not ended. */
  boolean isProvedBy(String cookie, Instant now) {
    Matcher matcher = COOKIE.matcher(cookie);
    if (!matcher.matches()) {
      return false;
    }
    String end = matcher.group(1);
    boolean isOurs =
        MessageDigest.isEqual(matcher.group(2).getBytes(UTF_8), proof(end).getBytes(UTF_8));
    return isOurs && now.getEpochSecond() < Long.parseLong(end);
  }

  private String proof(String end) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(("facsim console until " + end).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public String toString() {
    return "AccessToken[hidden]";
  }
}
