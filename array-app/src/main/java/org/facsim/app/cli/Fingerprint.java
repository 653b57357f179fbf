/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The SHA-256 digest of the one certificate that a client trusts, whatever name it has. */
record Fingerprint(String hex) {
  private static final int HEX_DIGITS = 64;

  /** Reads it, with or without colons. */
  static final class Form implements ITypeConverter<Fingerprint> {
    @Override
    public Fingerprint convert(String text) {
      String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
      if (hex.length() != HEX_DIGITS || !hex.matches("[0-9a-f]+")) {
        throw new TypeConversionException(
            "'" + text + "' is no SHA-256 digest; allowed: 64 hexadecimal digits, with colons");
      }
      return new Fingerprint(hex);
    }
  }

  /** TLS that accepts this certificate and no other. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Pinned()}, new SecureRandom());
      return context;
    } catch (NoSuchAlgorithmException | KeyManagementException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private final class Pinned extends X509ExtendedTrustManager {
    private void check(X509Certificate[] chain) throws CertificateException {
      String found;
      try {
        found =
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
      if (!found.equals(hex)) {
        throw new CertificateException("the certificate there has the fingerprint " + found);
      }
    }

    private void refuse() throws CertificateException {
      throw new CertificateException("no client is expected here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      refuse();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      refuse();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      refuse();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
