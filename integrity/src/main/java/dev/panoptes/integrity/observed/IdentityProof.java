package dev.panoptes.integrity.observed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A nonce that a health request bore, and the Ed25519 signature (RFC 8032) that its answer bore. The request has the field
 * {@code Panoptes-Nonce}, the answer {@code Panoptes-Proof} with the id of an enrolled instance, a blank, and the signature in
 * Base64 of the text {@code panoptes-identity-proof-1}, the nonce and the id, each on a line of its own.
 *
 * <p>A right signature says that whoever answers can have the nonce signed by the instance's key; it may have passed it on.
 *
 * @param nonce as it was sent; never used twice
 * @param instance the id of the instance that claims to have signed
 * @param signature in Base64, as it came; not verified
 */
public record IdentityProof(String nonce, String instance, String signature) {
    /** Of the request. */
    public static final String NONCE_FIELD = "Panoptes-Nonce";

    /** Of the answer, in lower case. */
    static final String PROOF_FIELD = "panoptes-proof";

    private static final Pattern PROOF = Pattern.compile("([A-Za-z0-9._-]{8,36}) ([A-Za-z0-9+/]{86}==)");
    private static final String KEY = "ed25519:";
    private static final int KEY_BYTES = 32;
    /** DER of a SubjectPublicKeyInfo with an Ed25519 key (RFC 8410), up to the key itself. */
    private static final byte[] SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    /** What an answer's field says; null where there is none or it has another form. */
    static @Nullable IdentityProof of(String nonce, @Nullable String field) {
        Matcher matcher = PROOF.matcher(field == null ? "" : field);
        return matcher.matches() ? new IdentityProof(nonce, matcher.group(1), matcher.group(2)) : null;
    }

    /** Where it is of the form in which proofs are sent; empty else. */
    static Optional<IdentityProof> known(String nonce, String instance, String signature) {
        return nonce.matches("[A-Za-z0-9_-]{1,100}")
                ? Optional.ofNullable(of(nonce, instance + " " + signature))
                : Optional.empty();
    }

    private byte[] signed() {
        return ("panoptes-identity-proof-1\n" + nonce + "\n" + instance + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether this key signed. @param publicKey {@code ed25519:} and 32 bytes in Base64; what is none signed nothing */
    public boolean isBy(String publicKey) {
        PublicKey key = key(publicKey);
        if (key == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed());
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not Base64, or no signature: in each case nobody with this key made it.
            return false;
        }
    }

    /** @param text {@code ed25519:} and 32 bytes in Base64, or these alone; null where it is no such key */
    static @Nullable PublicKey key(String text) {
        try {
            byte[] raw = Base64.getDecoder().decode(text.startsWith(KEY) ? text.substring(KEY.length()) : text);
            if (raw.length != KEY_BYTES) {
                return null;
            }
            byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + KEY_BYTES);
            System.arraycopy(raw, 0, encoded, SPKI.length, KEY_BYTES);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not a point of the curve, or not Base64.
            return null;
        }
    }
}
