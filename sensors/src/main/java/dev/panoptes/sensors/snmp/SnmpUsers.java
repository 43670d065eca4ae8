package dev.panoptes.sensors.snmp;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The users of SNMP 3 and their keys: RFC 3414, AES by RFC 3826, SHA-2 by RFC 7860, AES with 192 and 256 bits as
 * draft-blumenthal-aes-usm and, named AES192C and AES256C, as draft-reeder-snmpv3-usm-3desede extend their keys. Immutable.
 */
final class SnmpUsers {
    private static final int PASSPHRASE_OCTETS = 1 << 20;

    private final Map<String, User> users;

    /** @param users by name; where there are none, messages without proof are taken from anybody */
    SnmpUsers(Map<String, User> users) {
        this.users = Map.copyOf(users);
    }

    /** One user; what is null is not asked of him. */
    static final class User {
        private final @Nullable Authentication authentication;
        private final byte[] authenticationKey;
        private final @Nullable Privacy privacy;
        private final byte[] privacyKey;

        User(
                @Nullable Authentication authentication,
                byte[] passphrase,
                @Nullable Privacy privacy,
                byte[] privacyPassphrase) {
            this.authentication = authentication;
            this.privacy = privacy;
            this.authenticationKey = authentication == null ? new byte[0] : authentication.key(passphrase);
            this.privacyKey =
                    authentication == null || privacy == null ? new byte[0] : authentication.key(privacyPassphrase);
        }
    }

    /** How a sender proves himself; the last number is how many octets of the proof are sent. */
    enum Authentication {
        MD5("MD5", "HmacMD5", 12),
        SHA("SHA-1", "HmacSHA1", 12),
        SHA224("SHA-224", "HmacSHA224", 16),
        SHA256("SHA-256", "HmacSHA256", 24),
        SHA384("SHA-384", "HmacSHA384", 32),
        SHA512("SHA-512", "HmacSHA512", 48);

        private final String digest;
        private final String mac;
        private final int length;

        Authentication(String digest, String mac, int length) {
            this.digest = digest;
            this.mac = mac;
            this.length = length;
        }

        /** RFC 3414 appendix A.2: the passphrase repeated to a megabyte, digested. */
        private byte[] key(byte[] passphrase) {
            if (passphrase.length == 0) {
                return new byte[0];
            }
            MessageDigest all = digest();
            byte[] block = new byte[64];
            int next = 0;
            for (int i = 0; i < PASSPHRASE_OCTETS; i += block.length) {
                for (int j = 0; j < block.length; j++) {
                    block[j] = passphrase[next];
                    next = next + 1 == passphrase.length ? 0 : next + 1;
                }
                all.update(block);
            }
            return all.digest();
        }

        private byte[] localized(byte[] key, byte[] engine) {
            MessageDigest all = digest();
            all.update(key);
            all.update(engine);
            return all.digest(key);
        }

        private MessageDigest digest() {
            try {
                return MessageDigest.getInstance(digest);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + digest, e);
            }
        }
    }

    /** How a message is hidden. */
    enum Privacy {
        DES(16, false),
        AES(16, false),
        AES192(24, false),
        AES256(32, false),
        AES192C(24, true),
        AES256C(32, true);

        private final int octets;
        private final boolean reeder;

        Privacy(int octets, boolean reeder) {
            this.octets = octets;
            this.reeder = reeder;
        }
    }

    /** True where a message with this much security may be the user's. */
    boolean allows(String name, boolean authenticated, boolean encrypted) {
        User user = users.get(name);
        if (user == null) {
            return users.isEmpty() && !authenticated;
        }
        return authenticated == (user.authentication != null) && encrypted == (user.privacy != null);
    }

    /** True where the proof in the message is the user's. */
    boolean verifies(String name, byte[] engine, byte[] data, int from, int to, Ber mac) {
        User user = users.get(name);
        if (user == null || user.authentication == null || mac.end() - mac.position() != user.authentication.length) {
            return false;
        }
        byte[] message = Arrays.copyOfRange(data, from, to);
        int at = mac.position() - from;
        byte[] proof = Arrays.copyOfRange(message, at, at + user.authentication.length);
        Arrays.fill(message, at, at + user.authentication.length, (byte) 0);
        try {
            Mac all = Mac.getInstance(user.authentication.mac);
            all.init(new SecretKeySpec(
                    user.authentication.localized(user.authenticationKey, engine), user.authentication.mac));
            byte[] expected = Arrays.copyOf(all.doFinal(message), user.authentication.length);
            return MessageDigest.isEqual(expected, proof);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    byte[] decrypted(String name, byte[] engine, long boots, long time, byte[] salt, byte[] hidden) throws Ber.Broken {
        User user = users.get(name);
        if (user == null || user.authentication == null || user.privacy == null || salt.length != 8) {
            throw new Ber.Broken("it cannot be decrypted");
        }
        byte[] key = extended(user.authentication, user.privacyKey, user.privacy, engine);
        try {
            if (user.privacy == Privacy.DES) {
                byte[] start = new byte[8];
                for (int i = 0; i < 8; i++) {
                    start[i] = (byte) (key[8 + i] ^ salt[i]);
                }
                Cipher cipher = Cipher.getInstance("DES/CBC/NoPadding");
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        new SecretKeySpec(Arrays.copyOf(key, 8), "DES"),
                        new IvParameterSpec(start));
                return cipher.doFinal(hidden);
            }
            byte[] start = new byte[16];
            for (int i = 0; i < 4; i++) {
                start[i] = (byte) (boots >> (24 - 8 * i));
                start[4 + i] = (byte) (time >> (24 - 8 * i));
            }
            System.arraycopy(salt, 0, start, 8, 8);
            Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(start));
            return cipher.doFinal(hidden);
        } catch (GeneralSecurityException e) {
            throw new Ber.Broken("it cannot be decrypted");
        }
    }

    private static byte[] extended(Authentication authentication, byte[] key, Privacy privacy, byte[] engine) {
        byte[] first = authentication.localized(key, engine);
        byte[] all = first;
        byte[] last = first;
        while (all.length < privacy.octets) {
            MessageDigest digest = authentication.digest();
            byte[] more =
                    privacy.reeder ? authentication.localized(authentication.key(last), engine) : digest.digest(all);
            last = more;
            byte[] joined = Arrays.copyOf(all, all.length + more.length);
            System.arraycopy(more, 0, joined, all.length, more.length);
            all = joined;
        }
        return Arrays.copyOf(all, privacy.octets);
    }
}
