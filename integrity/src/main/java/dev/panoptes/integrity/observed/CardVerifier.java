package dev.panoptes.integrity.observed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.panoptes.integrity.observed.CardSignature.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Verifies the signatures of an agent's card: a JSON Web Signature (RFC 7515) with its payload detached, which is the card without
 * {@code signatures} in canonical form (RFC 8785). Keys are the one that the registry declares, and those that the card's own
 * origin publishes where the signature says ({@code jku}); no other origin is asked.
 */
final class CardVerifier {
    private static final int MOST_SIGNATURES = 10;
    private static final int MOST_KEYS = 50;
    /** Of EC keys: what signs by each algorithm (RFC 7518, 3.4). */
    private static final Map<String, Curve> CURVES =
            Map.of("ES256", Curve.P_256, "ES384", Curve.P_384, "ES512", Curve.P_521);

    private static final Map<String, Integer> HASHES = Map.of(
            "ES256", 256, "ES384", 384, "ES512", 512, "RS256", 256, "RS384", 384, "RS512", 512, "PS256", 256, "PS384",
            384, "PS512", 512);

    private final String origin;
    private final @Nullable String declaredKey;
    private final KeySource source;

    /** Reads the document at a path of the card's own origin. */
    interface KeySource {
        /** Null where there is none. */
        byte @Nullable [] read(String path);
    }

    /**
     * @param origin scheme and authority of where the card was read
     * @param declaredKey {@code ed25519:} and 32 bytes in Base64, as the registry declares; null where it declares none
     */
    CardVerifier(String origin, @Nullable String declaredKey, KeySource source) {
        this.origin = origin;
        this.declaredKey = declaredKey;
        this.source = source;
    }

    CardSignature verify(JsonNode card) {
        JsonNode signatures = card.path("signatures");
        if (!signatures.isArray() || signatures.isEmpty()) {
            return new CardSignature(Outcome.UNSIGNED, "has no signature");
        }
        ObjectNode bare = ((ObjectNode) card).deepCopy();
        bare.remove("signatures");
        List<String> payloads = new ArrayList<>();
        for (boolean dropped : new boolean[] {false, true}) {
            String canonical = CanonicalJson.of(bare, dropped);
            if (canonical != null) {
                payloads.add(encoded(canonical.getBytes(StandardCharsets.UTF_8)));
            }
        }
        CardSignature worst = null;
        for (int i = 0; i < Math.min(signatures.size(), MOST_SIGNATURES); i++) {
            CardSignature one = verify(signatures.get(i), payloads);
            if (one.outcome() == Outcome.RIGHT) {
                return one;
            }
            worst = worst == null || one.outcome() == Outcome.WRONG ? one : worst;
        }
        return Objects.requireNonNull(worst);
    }

    private CardSignature verify(JsonNode signature, List<String> payloads) {
        String head = signature.path("protected").asString("");
        byte[] bytes = decoded(signature.path("signature").asString(""));
        byte[] read = decoded(head);
        JsonNode header = read == null ? null : ForeignJson.object(read);
        if (header == null || bytes == null) {
            return new CardSignature(Outcome.WRONG, "has a signature that is none");
        }
        String algorithm = header.path("alg").asString("none");
        if (algorithm.equalsIgnoreCase("none")) {
            return new CardSignature(Outcome.WRONG, "has a signature by no algorithm");
        }
        if (header.has("crit") || !(HASHES.containsKey(algorithm) || isEd25519(algorithm))) {
            return unverified("is signed by " + HttpAnswerReader.quote(algorithm) + ", which is not verified here");
        }
        String declared = declaredKey;
        if (declared != null && isEd25519(algorithm)) {
            PublicKey key = IdentityProof.key(declared);
            return key == null
                    ? unverified("is signed, but public_key of the registry is no key of Ed25519")
                    : judged(right(algorithm, key, head, payloads, bytes), "the key that the registry declares");
        }
        String jku = header.path("jku").asString("");
        String path = ofOrigin(jku);
        if (path == null) {
            return unverified(
                    jku.isEmpty()
                            ? "is signed, but neither the registry declares a key nor does the signature say where it is"
                            : "is signed with a key of another origin, which is not asked: "
                                    + HttpAnswerReader.quote(jku));
        }
        return byKeys(header, algorithm, head, payloads, bytes, path);
    }

    private CardSignature byKeys(
            JsonNode header, String algorithm, String head, List<String> payloads, byte[] bytes, String path) {
        byte[] document = source.read(path);
        if (document == null) {
            return unverified("is signed, but its keys cannot be read at " + HttpAnswerReader.quote(path));
        }
        JWKSet keys;
        try {
            keys = JWKSet.parse(new String(document, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            return unverified("is signed, but what lies at " + HttpAnswerReader.quote(path) + " is no set of keys");
        }
        String id = header.path("kid").asString("");
        boolean tried = false;
        for (JWK jwk :
                keys.getKeys().subList(0, Math.min(MOST_KEYS, keys.getKeys().size()))) {
            PublicKey key = id.isEmpty() || id.equals(jwk.getKeyID()) ? key(jwk, algorithm) : null;
            if (key != null) {
                tried = true;
                if (right(algorithm, key, head, payloads, bytes)) {
                    return judged(true, "a key of its own origin");
                }
            }
        }
        return tried
                ? judged(false, "the key that its own origin publishes")
                : unverified("is signed, but no key at " + HttpAnswerReader.quote(path) + " is the one that it names");
    }

    private static CardSignature judged(boolean right, String by) {
        return right
                ? new CardSignature(Outcome.RIGHT, "is signed with " + by)
                : new CardSignature(Outcome.WRONG, "has a signature that " + by + " did not make");
    }

    private static CardSignature unverified(String detail) {
        return new CardSignature(Outcome.UNVERIFIED, detail);
    }

    private static boolean isEd25519(String algorithm) {
        return algorithm.equals("EdDSA") || algorithm.equals("Ed25519");
    }

    /** The path of a URL of the card's own origin; null for any other. */
    private @Nullable String ofOrigin(String jku) {
        boolean own = jku.startsWith(origin + "/");
        String path = own ? jku.substring(origin.length()) : jku;
        boolean plain = path.startsWith("/")
                && !path.startsWith("//")
                && path.length() <= 1_000
                && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#');
        return plain ? path : null;
    }

    /** The key where it is of the kind that the algorithm takes. */
    private static @Nullable PublicKey key(JWK jwk, String algorithm) {
        try {
            return switch (jwk) {
                case ECKey key when key.getCurve().equals(CURVES.get(algorithm)) -> key.toECPublicKey();
                case RSAKey key when algorithm.matches("[RP]S\\d+") -> key.toRSAPublicKey();
                case OctetKeyPair key
                when isEd25519(algorithm) && key.getCurve().equals(Curve.Ed25519) ->
                    IdentityProof.key(
                            Base64.getEncoder().encodeToString(key.getX().decode()));
                default -> null;
            };
        } catch (JOSEException e) {
            // A key that is none made nothing.
            return null;
        }
    }

    private static boolean right(
            String algorithm, PublicKey key, String head, List<String> payloads, byte[] signature) {
        for (String payload : payloads) {
            try {
                Signature verifier = verifier(algorithm);
                verifier.initVerify(key);
                verifier.update((head + "." + payload).getBytes(StandardCharsets.US_ASCII));
                if (verifier.verify(signature)) {
                    return true;
                }
            } catch (GeneralSecurityException e) {
                // A signature of another form: this key did not make it.
                continue;
            }
        }
        return false;
    }

    private static Signature verifier(String algorithm) throws GeneralSecurityException {
        if (isEd25519(algorithm)) {
            return Signature.getInstance("Ed25519");
        }
        int bits = Objects.requireNonNull(HASHES.get(algorithm));
        if (algorithm.startsWith("ES")) {
            return Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
        }
        if (algorithm.startsWith("RS")) {
            return Signature.getInstance("SHA" + bits + "withRSA");
        }
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        String hash = "SHA-" + bits;
        verifier.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1));
        return verifier;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte @Nullable [] decoded(String text) {
        try {
            return text.isEmpty() ? null : Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
