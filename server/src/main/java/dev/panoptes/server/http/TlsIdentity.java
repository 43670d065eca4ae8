package dev.panoptes.server.http;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The server's certificate and key, from PEM files. */
final class TlsIdentity {
    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    private TlsIdentity() {}

    /** TLS 1.2 and 1.3 with this identity. */
    static SslContextFactory.Server load(HttpSettings.Tls tls) throws CannotStart {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("panoptes", key(tls), new char[0], chain(tls));
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setKeyStore(store);
            factory.setKeyStorePassword("");
            factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            return factory;
        } catch (IOException | GeneralSecurityException e) {
            throw new CannotStart(
                    "TLS cannot be set up from " + tls.certificate() + " and " + tls.key() + ": " + e.getMessage(), e);
        }
    }

    private static Certificate[] chain(HttpSettings.Tls tls) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new GeneralSecurityException("no certificate in " + tls.certificate());
            }
            return chain;
        }
    }

    private static PrivateKey key(HttpSettings.Tls tls) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(tls.key()));
        if (!pem.find()) {
            throw new GeneralSecurityException(tls.key()
                    + " holds no PKCS #8 key; convert it with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException e) {
                // A key of another algorithm: the next one is tried, and after the last one this is said.
                if (algorithm.equals("EdDSA")) {
                    throw e;
                }
            }
        }
        throw new GeneralSecurityException("unknown kind of key");
    }
}
