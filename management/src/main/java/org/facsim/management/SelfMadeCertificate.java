/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.net.InetAddresses;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate that signs itself (RFC 5280), because the JDK reads certificates and makes none. It
 * has an elliptic key (P-256), the names of the door, and is valid for ten years; whoever uses it
 * compares its fingerprint.
 *
 * @param certificatePem in PEM
 * @param keyPem the private key in PEM, PKCS #8
 * @param fingerprint SHA-256 of the certificate, as browsers and openssl show it
 */
record SelfMadeCertificate(String certificatePem, String keyPem, String fingerprint) {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0c;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int SHORT_LENGTH = 0x80;
  private static final int SERIAL_BITS = 127;
  private static final int VALID_DAYS = 3650;
  private static final int LINE = 64;

  /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
  private static final byte[] SIGNATURE_ALGORITHM =
      der(SEQUENCE, HexFormat.of().parseHex("06082a8648ce3d040302"));

  /** 2.5.4.3, common name. */
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

  /** 2.5.29.17, subject alternative name. */
  private static final byte[] ALTERNATIVE_NAME = HexFormat.of().parseHex("0603551d11");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * Makes one.
   *
   * @param names names and addresses by which clients reach the door
   */
  static SelfMadeCertificate make(List<String> names) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
      KeyPair keys = generator.generateKeyPair();
      byte[] body = body(keys.getPublic().getEncoded(), names, Instant.now());
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(keys.getPrivate());
      signer.update(body);
      byte[] certificate =
          der(SEQUENCE, body, SIGNATURE_ALGORITHM, der(BIT_STRING, new byte[1], signer.sign()));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate);
      return new SelfMadeCertificate(
          pem("CERTIFICATE", certificate),
          pem("PRIVATE KEY", keys.getPrivate().getEncoded()),
          HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no elliptic keys", e);
    }
  }

  /** RFC 5280 section 4.1, TBSCertificate. */
  private static byte[] body(byte[] publicKey, List<String> names, Instant now) {
    byte[] name =
        der(
            SEQUENCE,
            der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, "facsim".getBytes(US_ASCII)))));
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0);
    return der(
        SEQUENCE,
        der(VERSION, der(INTEGER, new byte[] {2})),
        der(INTEGER, serial.toByteArray()),
        SIGNATURE_ALGORITHM,
        name,
        der(
            SEQUENCE,
            time(now.minus(1, ChronoUnit.DAYS)),
            time(now.plus(VALID_DAYS, ChronoUnit.DAYS))),
        name,
        publicKey,
        der(EXTENSIONS, der(SEQUENCE, alternativeNames(names))));
  }

  private static byte[] time(Instant at) {
    return der(GENERALIZED_TIME, TIME.format(at).getBytes(US_ASCII));
  }

  private static byte[] alternativeNames(List<String> names) {
    byte[][] all = names.stream().map(SelfMadeCertificate::alternativeName).toArray(byte[][]::new);
    return der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, der(SEQUENCE, all)));
  }

  private static byte[] alternativeName(String name) {
    return InetAddresses.isInetAddress(name)
        ? der(IP_ADDRESS, InetAddresses.forString(name).getAddress())
        : der(DNS_NAME, name.getBytes(US_ASCII));
  }

  /** A value with its tag and length, X.690 section 8.1. */
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      value.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = value.size();
    if (length < SHORT_LENGTH) {
      whole.write(length);
    } else {
      byte[] bytes = BigInteger.valueOf(length).toByteArray();
      int from = bytes[0] == 0 ? 1 : 0;
      whole.write(SHORT_LENGTH | (bytes.length - from));
      whole.write(bytes, from, bytes.length - from);
    }
    whole.writeBytes(value.toByteArray());
    return whole.toByteArray();
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII)).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
