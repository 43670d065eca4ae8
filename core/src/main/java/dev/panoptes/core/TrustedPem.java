package dev.panoptes.core;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The certificates of a PEM file, which alone are believed: an authority's, or a server's own. */
public final class TrustedPem {
    private static final long LARGEST_BYTES = 1 << 20;

    private TrustedPem() {}

    /** @throws IOException with one sentence that names the file, where it holds no certificates that can be used */
    public static SSLContext context(Path file) throws IOException {
        if (Files.size(file) > LARGEST_BYTES) {
            throw new IOException(file + " is too large for a file of certificates");
        }
        return context(bytes(file), file.toString(), null);
    }

    /**
     * @param pem the certificates to believe
     * @param name how messages call where they come from
     * @param keys what the client shows of itself; null for nothing
     * @throws IOException with one sentence that names them, where they cannot be used
     */
    public static SSLContext context(byte[] pem, String name, KeyManager @Nullable [] keys) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                trusted.setCertificateEntry("ca-" + number++, each);
            }
            if (number == 0) {
                throw new IOException("there is no certificate in " + name + ": it takes PEM, BEGIN CERTIFICATE");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (CertificateException e) {
            throw new IOException("the certificates in " + name + " cannot be read: it takes PEM", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("the certificates in " + file + " cannot be read: " + IoReason.of(e), e);
        }
    }
}
