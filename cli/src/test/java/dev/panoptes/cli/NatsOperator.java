package dev.panoptes.cli;

import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/** An operator of NATS with one account that may use JetStream: what nsc makes, in a folder of its own (docs.nats.io, decentralized JWT). */
final class NatsOperator {
    private final Path directory;
    private final NKey account;

    private NatsOperator(Path directory, NKey account) {
        this.directory = directory;
        this.account = account;
    }

    static NatsOperator make(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        SecureRandom random = new SecureRandom();
        NKey operator = NKey.createOperator(random);
        NKey system = NKey.createAccount(random);
        NKey account = NKey.createAccount(random);
        String limits =
                "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
                        + "\"conn\":-1,\"leaf\":-1,\"mem_storage\":%d,\"disk_storage\":%d,\"streams\":%d,\"consumer\":%d}";
        String none = limits.formatted(0, 0, 0, 0);
        String all = limits.formatted(-1, -1, -1, -1);
        String self =
                token(operator, operator, "O", "\"type\":\"operator\",\"system_account\":\"" + key(system) + "\"");
        String systems = token(operator, system, "SYS", "\"type\":\"account\"," + none);
        String accounts = token(operator, account, "A", "\"type\":\"account\"," + all);
        Files.writeString(directory.resolve("operator.conf"), """
                operator: %s
                system_account: %s
                resolver: MEMORY
                resolver_preload: { %s: %s, %s: %s }
                """.formatted(
                        self, key(system), key(system), systems, key(account), accounts));
        return new NatsOperator(directory, account);
    }

    private static String token(NKey signer, NKey subject, String name, String claim)
            throws IOException, GeneralSecurityException {
        JsonSerializable claims = () -> "{" + claim + ",\"version\":2}";
        return JwtUtils.issueJWT(signer, key(subject), name, null, JwtUtils.currentTimeSeconds(), key(signer), claims);
    }

    private static String key(NKey key) throws IOException, GeneralSecurityException {
        return new String(key.getPublicKey());
    }

    Path configuration() {
        return directory.resolve("operator.conf");
    }

    /** A file of a user of the account; made when it is first asked for. */
    Path credentials(String user) throws IOException {
        return credentials(user, account);
    }

    /** A file of a user of an account that no operator knows. */
    Path strangerCredentials(String user) throws IOException, GeneralSecurityException {
        return credentials(user, NKey.createAccount(new SecureRandom()));
    }

    private Path credentials(String user, NKey signer) throws IOException {
        Path file = directory.resolve(user + ".creds");
        if (Files.exists(file)) {
            return file;
        }
        try {
            NKey key = NKey.createUser(new SecureRandom());
            String token = JwtUtils.issueUserJWT(signer, key(signer), key(key));
            return Files.writeString(file, JwtUtils.NATS_USER_JWT_FORMAT.formatted(token, new String(key.getSeed())));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
