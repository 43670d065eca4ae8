package dev.panoptes.server.agents;

import dev.panoptes.server.agents.Agents.Application;
import dev.panoptes.server.configs.ConfigCalls;
import dev.panoptes.server.configs.ConfigDocument;
import dev.panoptes.server.http.Fields;
import java.net.InetAddress;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what an instance, or an operator for it, says of it, in the words of either document. */
final class ApplicationReader {
    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_CAPABILITIES = 100;
    private static final int LARGEST_JSON = 16_384;
    private static final String ED25519 = "ed25519:";
    private static final int KEY_BYTES = 32;
    private static final List<String> TYPES = List.of("custom", "system", "network", "security");

    private ApplicationReader() {}

    static Application read(Fields fields) {
        String name = name(fields, true);
        String id = fields.optionalText("id", 36);
        if (id != null && !Agents.uuid(id) && Agents.idFault(id) instanceof String fault) {
            fields.error("id", fault);
        }
        return new Application(
                id,
                Objects.requireNonNullElse(name, ""),
                Objects.requireNonNullElse(type(fields), "custom"),
                fields.optionalText("version", 100),
                fields.optionalText("description", LONGEST_TEXT),
                Agents.words(fields.texts("capabilities", MOST_CAPABILITIES, 100)),
                Objects.requireNonNullElse(
                        fields.optionalObject("requirements", ApplicationReader::requirements), "{}"),
                publicKey(fields),
                host(fields),
                address(fields),
                port(fields),
                fields.bool("enabled", true),
                Objects.requireNonNullElse(fields.optionalJsonObject("agent_metadata", LARGEST_JSON), "{}"),
                fields.optionalObject("config", ApplicationReader::config));
    }

    /** {@code agent_name}, else {@code name}. */
    static @Nullable String name(Fields fields, boolean needed) {
        String name = fields.optionalText("agent_name", 100);
        String other = fields.optionalText("name", 100);
        String chosen = name == null ? other : name;
        if (chosen == null) {
            if (needed) {
                fields.error("agent_name", "is missing");
            }
            return null;
        }
        String fault = Agents.fault(chosen);
        if (fault != null) {
            fields.error(name == null ? "name" : "agent_name", fault);
        } else if (name != null && other != null && !name.equals(other)) {
            fields.error("name", "must be the same as agent_name");
        }
        return chosen;
    }

    /** null where it is missing. */
    static @Nullable String type(Fields fields) {
        return fields.optionalText("agent_type", 100) == null
                ? null
                : fields.choice(
                        "agent_type", text -> Optional.of(text).filter(TYPES::contains), String.join(", ", TYPES), "");
    }

    static @Nullable String host(Fields fields) {
        String host = fields.optionalText("host", 200);
        String other = fields.optionalText("hostname", 200);
        return host == null ? other : host;
    }

    static @Nullable String address(Fields fields) {
        String address = fields.optionalText("ip_address", 64);
        if (address != null) {
            try {
                InetAddress.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                fields.error("ip_address", "must be an IP address");
            }
        }
        return address;
    }

    static @Nullable Integer port(Fields fields) {
        Long port = fields.optionalWhole("port", 1, 65_535);
        return port == null ? null : port.intValue();
    }

    /** CPUs as a number; memory and disk as a size such as "1GB", or bytes. */
    private static String requirements(Fields fields) {
        fields.optionalNumber("cpu", 0, 100_000);
        size(fields, "memory");
        size(fields, "disk");
        return fields.wholeObject(LARGEST_JSON);
    }

    private static void size(Fields fields, String name) {
        String json = fields.optionalJson(name, 100);
        if (json != null && !json.matches("\\d{1,18}|\"\\d{1,12}(\\.\\d{1,3})? ?([KMGTP]i?)?B?\"")) {
            fields.error(name, "must be a size such as \"1GB\"");
        }
    }

    private static @Nullable String publicKey(Fields fields) {
        String key = fields.optionalText("public_key", 200);
        if (key == null) {
            return null;
        }
        try {
            String encoded = key.startsWith(ED25519) ? key.substring(ED25519.length()) : key;
            if (Base64.getDecoder().decode(encoded).length == KEY_BYTES) {
                return ED25519 + encoded;
            }
        } catch (IllegalArgumentException e) {
            fields.error("public_key", "is not Base64");
            return null;
        }
        fields.error("public_key", "must be an Ed25519 key: ed25519: and 32 bytes in Base64");
        return null;
    }

    private static ConfigDocument config(Fields fields) {
        return ConfigCalls.document(fields);
    }
}
