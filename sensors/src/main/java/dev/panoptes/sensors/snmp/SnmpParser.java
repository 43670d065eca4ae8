package dev.panoptes.sensors.snmp;

import dev.panoptes.core.AddressText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads messages of SNMP 1, 2c (RFC 3416) and 3 (RFC 3412, RFC 3414). Pure. */
final class SnmpParser {
    private static final int MOST_VARIABLES = 4096;
    private static final String UPTIME = "1.3.6.1.2.1.1.3.0";
    private static final String TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0";
    private static final String TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.3.0";
    private static final String GENERIC_TRAPS = "1.3.6.1.6.3.1.1.5.";

    private final SnmpUsers users;

    SnmpParser(SnmpUsers users) {
        this.users = users;
    }

    /** @throws Ber.Broken where it is no message, or one whose sender could not prove itself */
    SnmpMessage parse(byte[] data, int from, int to) throws Ber.Broken {
        Ber message = new Ber(data, from, to).element(Ber.SEQUENCE);
        long version = message.integer();
        if (version == 0 || version == 1) {
            byte[] community = message.octets();
            return pdu(version == 0 ? "1" : "2c", community, null, null, false, message);
        }
        if (version != 3) {
            throw new Ber.Broken("it is of version " + version);
        }
        return version3(message, data, from, to);
    }

    private SnmpMessage version3(Ber message, byte[] data, int from, int to) throws Ber.Broken {
        Ber header = message.element(Ber.SEQUENCE);
        header.integer(); // message id
        header.integer(); // size that the sender takes
        byte[] flags = header.octets();
        long model = header.integer();
        if (flags.length != 1 || model != 3) {
            throw new Ber.Broken("its security model is " + model);
        }
        boolean authenticated = (flags[0] & 1) != 0;
        boolean encrypted = (flags[0] & 2) != 0;
        Ber security = message.element(Ber.OCTETS).element(Ber.SEQUENCE);
        byte[] engine = security.octets();
        long boots = security.integer();
        long time = security.integer();
        String user = new String(security.octets(), StandardCharsets.UTF_8);
        Ber mac = security.element(Ber.OCTETS);
        byte[] salt = security.octets();
        if (encrypted && !authenticated) {
            throw new Ber.Broken("it is encrypted without a proof of its sender");
        }
        if (!users.allows(user, authenticated, encrypted)) {
            throw new Ber.Broken("its user has to prove more");
        }
        if (authenticated && !users.verifies(user, engine, data, from, to, mac)) {
            throw new Ber.Broken("its sender could not prove himself");
        }
        Ber scoped;
        if (encrypted) {
            byte[] plain = users.decrypted(user, engine, boots, time, salt, message.octets());
            scoped = new Ber(plain, 0, plain.length).element(Ber.SEQUENCE);
        } else {
            scoped = message.element(Ber.SEQUENCE);
        }
        scoped.octets(); // context engine
        scoped.octets(); // context name
        return pdu("3", null, user, HexFormat.of().formatHex(engine), authenticated, scoped);
    }

    private static SnmpMessage pdu(
            String version,
            byte @Nullable [] community,
            @Nullable String user,
            @Nullable String engine,
            boolean secured,
            Ber message)
            throws Ber.Broken {
        int tag = message.tag();
        Ber pdu = message.element();
        if (tag == SnmpMessage.TRAP_V1) {
            if (!version.equals("1")) {
                throw new Ber.Broken("it carries a trap of another version");
            }
            return new SnmpMessage(version, community, user, engine, secured, tag, 0, trapV1(pdu), new byte[0]);
        }
        if (tag < 0xa0 || tag > 0xa8) {
            throw new Ber.Broken("it carries nothing that SNMP knows");
        }
        long request = pdu.integer();
        pdu.integer();
        pdu.integer();
        int start = pdu.position();
        Ber list = pdu.element(Ber.SEQUENCE);
        byte[] bindings = java.util.Arrays.copyOfRange(pdu.data(), start, list.end());
        SnmpMessage.Trap trap = tag == SnmpMessage.TRAP || tag == SnmpMessage.INFORM ? trapV2(list) : null;
        return new SnmpMessage(version, community, user, engine, secured, tag, request, trap, bindings);
    }

    private static SnmpMessage.Trap trapV1(Ber pdu) throws Ber.Broken {
        String enterprise = pdu.element(Ber.OID).oid();
        byte[] agent = pdu.element(0x40).rest();
        long generic = pdu.integer();
        long specific = pdu.integer();
        long ticks = pdu.element(0x43).unsigned().longValue();
        List<SnmpMessage.Variable> variables = variables(pdu.element(Ber.SEQUENCE));
        String oid = generic >= 0 && generic < 6
                ? GENERIC_TRAPS + (generic + 1)
                : enterprise + ".0." + specific; // RFC 3584 section 3.1
        return new SnmpMessage.Trap(
                oid, enterprise, agent.length == 4 ? AddressText.of(agent) : null, ticks, variables);
    }

    private static SnmpMessage.Trap trapV2(Ber list) throws Ber.Broken {
        List<SnmpMessage.Variable> variables = new ArrayList<>(variables(list));
        String oid = null;
        String enterprise = null;
        Long ticks = null;
        for (SnmpMessage.Variable variable : variables) {
            if (variable.oid().equals(TRAP_OID) && variable.value() instanceof String text && oid == null) {
                oid = text;
            } else if (variable.oid().equals(TRAP_ENTERPRISE) && variable.value() instanceof String text) {
                enterprise = text;
            } else if (variable.oid().equals(UPTIME) && variable.value() instanceof Long number && ticks == null) {
                ticks = number;
            }
        }
        if (oid == null) {
            throw new Ber.Broken("it does not say which trap it is");
        }
        variables.removeIf(
                variable -> variable.oid().equals(UPTIME) || variable.oid().equals(TRAP_OID));
        return new SnmpMessage.Trap(oid, enterprise, null, ticks, variables);
    }

    private static List<SnmpMessage.Variable> variables(Ber list) throws Ber.Broken {
        List<SnmpMessage.Variable> variables = new ArrayList<>();
        while (!list.isEmpty()) {
            if (variables.size() >= MOST_VARIABLES) {
                throw new Ber.Broken("it has too many variables");
            }
            Ber binding = list.element(Ber.SEQUENCE);
            String oid = binding.element(Ber.OID).oid();
            variables.add(variable(oid, binding.tag(), binding.element()));
        }
        return variables;
    }

    static SnmpMessage.Variable variable(String oid, int tag, Ber value) throws Ber.Broken {
        return switch (tag) {
            case Ber.INTEGER -> new SnmpMessage.Variable(oid, "integer", value.number());
            case Ber.OCTETS -> new SnmpMessage.Variable(oid, "octetstring", text(value.rest()));
            case Ber.OID -> new SnmpMessage.Variable(oid, "oid", value.oid());
            case 0x40 -> {
                byte[] address = value.rest();
                yield new SnmpMessage.Variable(
                        oid,
                        "ipaddress",
                        address.length == 4
                                ? AddressText.of(address)
                                : HexFormat.of().formatHex(address));
            }
            case 0x41 ->
                new SnmpMessage.Variable(oid, "counter32", value.unsigned().longValue());
            case 0x42, 0x47 ->
                new SnmpMessage.Variable(oid, "gauge32", value.unsigned().longValue());
            case 0x43 ->
                new SnmpMessage.Variable(oid, "timeticks", value.unsigned().longValue());
            case 0x44, 0x45 ->
                new SnmpMessage.Variable(oid, "opaque", HexFormat.of().formatHex(value.rest()));
            case 0x46 -> {
                java.math.BigInteger number = value.unsigned();
                yield new SnmpMessage.Variable(
                        oid, "counter64", number.bitLength() < 64 ? (Object) number.longValue() : number);
            }
            case Ber.NULL, 0x80, 0x81, 0x82 -> new SnmpMessage.Variable(oid, "null", null);
            default -> throw new Ber.Broken("a variable is of an unknown type");
        };
    }

    /** As text where it is printable UTF-8, else as hexadecimal. */
    static String text(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            boolean printable =
                    text.codePoints().allMatch(c -> c == '\t' || c == '\n' || c == '\r' || !Character.isISOControl(c));
            return printable ? text : HexFormat.of().formatHex(octets);
        } catch (CharacterCodingException e) {
            return HexFormat.of().formatHex(octets);
        }
    }
}
