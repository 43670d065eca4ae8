package dev.panoptes.sensors.snmp;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part {@code snmp} of the configuration.
 *
 * @param listen where traps are received
 * @param communities that are taken; empty: all
 * @param names of devices by their addresses
 */
record SnmpConfiguration(List<String> listen, List<byte[]> communities, SnmpUsers users, Map<String, String> names) {
    private static final int MOST_PASSPHRASE = 1024;

    SnmpConfiguration {
        listen = List.copyOf(listen);
        communities = List.copyOf(communities);
        names = Map.copyOf(names);
    }

    static SnmpConfiguration read(Settings settings) {
        Map<String, String> names = new LinkedHashMap<>();
        for (Settings device : settings.parts("devices")) {
            Optional<String> name = device.text("name");
            device.text("address").ifPresent(address -> names.put(address(address), name.orElse(address)));
        }
        Map<String, SnmpUsers.User> users = new LinkedHashMap<>();
        for (Settings user : settings.parts("users")) {
            user.text("name").ifPresent(name -> users.put(name, user(user)));
        }
        return new SnmpConfiguration(
                settings.texts("listen"),
                settings.texts("communities").stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                new SnmpUsers(users),
                names);
    }

    private static String address(String text) {
        String literal = dev.panoptes.sensors.replay.AddressLiteral.canonical(text);
        return literal == null ? text : literal;
    }

    private static SnmpUsers.User user(Settings user) {
        Settings auth = user.part("auth");
        Settings priv = user.part("priv");
        SnmpUsers.Authentication authentication = null;
        Optional<String> protocol = auth.text("protocol");
        if (protocol.isPresent()) {
            authentication = protocol(auth, protocol.get(), SnmpUsers.Authentication.values());
        }
        SnmpUsers.Privacy privacy = null;
        Optional<String> hiding = priv.text("protocol");
        if (hiding.isPresent()) {
            String name = hiding.get().replace("AES128", "AES").replace("AES-128", "AES");
            privacy = protocol(priv, name, SnmpUsers.Privacy.values());
        }
        return new SnmpUsers.User(authentication, passphrase(auth), privacy, passphrase(priv));
    }

    private static <E extends Enum<E>> @Nullable E protocol(Settings part, String name, E[] known) {
        String wanted = name.toUpperCase(Locale.ROOT).replace("-", "").replace("SHA1", "SHA");
        for (E one : known) {
            if (one.name().equals(wanted) || (wanted.equals("SHA") && one.name().equals("SHA"))) {
                return one;
            }
        }
        part.refuse("protocol", "'" + name + "' is none that is known");
        return null;
    }

    /** Passphrases stand in files of their own, so that the configuration can be shown. */
    private static byte[] passphrase(Settings part) {
        Optional<String> file = part.text("passphrase_file");
        if (file.isEmpty()) {
            return new byte[0];
        }
        try {
            Path path = Path.of(file.get());
            if (Files.size(path) > MOST_PASSPHRASE) {
                part.refuse("passphrase_file", "is too long for a passphrase");
                return new byte[0];
            }
            return Files.readString(path).strip().getBytes(StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            part.refuse("passphrase_file", "cannot be read: " + e.getMessage());
            return new byte[0];
        }
    }

    boolean knows(byte[] community) {
        boolean known = communities.isEmpty();
        for (byte[] one : communities) {
            known |= MessageDigest.isEqual(one, community);
        }
        return known;
    }

    /** The configured name of a device, else its address. */
    String deviceName(String address) {
        return names.getOrDefault(address, address);
    }
}
