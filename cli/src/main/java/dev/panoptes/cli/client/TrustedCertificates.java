package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of a PEM file, which alone are believed: an authority's, or the server's own. */
final class TrustedCertificates {
    private static final long LARGEST_BYTES = 1 << 20;

    private TrustedCertificates() {}

    static SSLContext context(Path file) throws UsageException {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new UsageException(file + " is too large for a file of certificates", "");
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate each : certificates(Files.readAllBytes(file))) {
                trusted.setCertificateEntry("ca-" + number++, each);
            }
            if (number == 0) {
                throw new UsageException("there is no certificate in " + file, "It takes PEM: BEGIN CERTIFICATE");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (CertificateException e) {
            throw new UsageException("the certificates in " + file + " cannot be read", "It takes PEM");
        } catch (IOException e) {
            throw new UsageException("the certificates in " + file + " cannot be read: " + e.getMessage(), "");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws CertificateException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }
}
