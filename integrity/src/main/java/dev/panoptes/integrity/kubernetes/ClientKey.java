package dev.panoptes.integrity.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * The client certificate of a kubeconfig with its key in PEM: PKCS#8, or RSA (PKCS#1, RFC 8017) and EC (RFC 5915) as the tools of
 * Kubernetes write them, which are put into PKCS#8 here because the JDK reads no other.
 */
final class ClientKey {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;

    private ClientKey() {}

    /** @throws GeneralSecurityException where they cannot be read, or the key is of another kind */
    static KeyManager[] of(byte[] certificate, byte[] key) throws GeneralSecurityException {
        List<Certificate> chain = List.copyOf(
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(certificate)));
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("there is no client certificate");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
            store.setKeyEntry("client", key(key), new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            return keys.getKeyManagers();
        } catch (java.io.IOException e) {
            throw new IllegalStateException("an empty key store needs no file", e);
        }
    }

    private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
        Matcher found = PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new GeneralSecurityException("the client key is no PEM, or encrypted");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(found.group(2));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the client key is no PEM", e);
        }
        return switch (found.group(1)) {
            case "RSA PRIVATE KEY" -> KeyFactory.getInstance("RSA").generatePrivate(wrapped(RSA, der));
            case "EC PRIVATE KEY" -> KeyFactory.getInstance("EC").generatePrivate(wrapped(elliptic(der), der));
            default -> plain(der);
        };
    }

    private static PrivateKey plain(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException last = new GeneralSecurityException("the client key is of a kind that is not known");
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The algorithm of an EC key with the curve that it names itself ({@code [0] parameters}). */
    private static byte[] elliptic(byte[] der) throws GeneralSecurityException {
        for (int i = 0; i + 3 < der.length; i++) {
            boolean parameters = (der[i] & 0xff) == 0xa0 && der[i + 2] == 0x06 && der[i + 3] == der[i + 1] - 2;
            if (parameters && i + 2 + der[i + 1] <= der.length) {
                byte[] curve = java.util.Arrays.copyOfRange(der, i + 2, i + 2 + der[i + 1]);
                return tagged(SEQUENCE, EC, curve);
            }
        }
        throw new GeneralSecurityException("the client key does not name its curve");
    }

    private static PKCS8EncodedKeySpec wrapped(byte[] algorithm, byte[] der) {
        return new PKCS8EncodedKeySpec(tagged(SEQUENCE, new byte[] {2, 1, 0}, algorithm, tagged(OCTETS, der)));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        int length = body.size();
        byte[] size = length < 0x80
                ? new byte[] {(byte) length}
                : length < 0x100
                        ? new byte[] {(byte) 0x81, (byte) length}
                        : new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
        return ByteBuffer.allocate(1 + size.length + length)
                .put((byte) tag)
                .put(size)
                .put(body.toByteArray())
                .array();
    }
}
