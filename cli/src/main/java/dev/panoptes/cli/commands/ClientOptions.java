package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.auth.LocalToken;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ListenAddress;
import dev.panoptes.server.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** The options of every command that calls a running server. */
final class ClientOptions {
    private static final String VARIABLE = "PANOPTES_TOKEN";
    private static final String FILE_VARIABLE = "PANOPTES_TOKEN_FILE";
    private static final String CA_VARIABLE = "PANOPTES_SERVER_CA";
    private static final String HINT = "Give a token by --token-file, " + VARIABLE + " or " + FILE_VARIABLE;
    private static final String LOCAL_HINT =
            "Run as the user that runs the server, name its --data-dir, or give a token by --token-file or " + VARIABLE;

    private final OptionSpec server;
    private final OptionSpec tokenFile;
    private final OptionSpec ca;

    ClientOptions(Options options, String whichServer, String whichToken) {
        server = options.text("--server", "URL", whichServer);
        tokenFile = options.file("--token-file", "FILE", whichToken);
        ca = options.file("--ca", "FILE", "PEM file of the certificates to trust, instead of this machine's.");
    }

    /** Whether a server was named on the command line. */
    boolean named() {
        return Options.text(server) != null;
    }

    /** A client with the token that was given; without one the server on this host gets the one of its data directory. */
    ServerClient client(Configuration configuration, Shell shell) throws UsageException {
        return client(configuration, shell, false);
    }

    /** The same; without any token it calls as nobody, whom a server may let read. */
    ServerClient reader(Configuration configuration, Shell shell) throws UsageException {
        return client(configuration, shell, true);
    }

    private ServerClient client(Configuration configuration, Shell shell, boolean anonymous) throws UsageException {
        String named = Options.text(server);
        ServerUrl configured = configuration.find(Settings.SERVER_URL).isPresent()
                ? ServerUrl.of(configuration.find(Settings.SERVER_URL).get())
                : null;
        ServerUrl own = listening(configuration);
        ServerUrl url = named != null ? ServerUrl.of(named) : configured != null ? configured : own;
        Token token = given(shell);
        // The token of this host's server is for this host's server: it goes nowhere else.
        boolean ours = url.equals(own)
                || (url.loopback()
                        && (named != null || url.base().getPort() == own.base().getPort()));
        if (token == null && ours) {
            Path kept = ServerConfiguration.dataDirectory(configuration, shell).resolve(LocalToken.FILE);
            token = anonymous && !Files.isReadable(kept) ? null : new Token.InFile(kept, LOCAL_HINT);
        } else if (token == null && !anonymous) {
            throw new UsageException("there is no token for " + url, HINT);
        }
        return new ServerClient(
                url,
                token,
                ca(
                        shell,
                        configuration
                                .find(Settings.SERVER_CA)
                                .map(Path::toString)
                                .orElse(null)));
    }

    /** A client of the server that was named, with the token that was given and no other. */
    ServerClient named(Shell shell) throws UsageException {
        ServerUrl url = ServerUrl.of(Options.text(server, ""));
        Token token = given(shell);
        if (token == null) {
            throw new UsageException(
                    "there is no token for " + url,
                    "Give an observer's by --token-file, " + VARIABLE + " or " + FILE_VARIABLE);
        }
        return new ServerClient(url, token, ca(shell, shell.variable(CA_VARIABLE)));
    }

    private @Nullable Path ca(Shell shell, @Nullable String otherwise) {
        Path given = Options.file(ca);
        if (given == null && otherwise == null) {
            return null;
        }
        return shell.resolve(given == null ? Path.of(otherwise) : given);
    }

    /** Null where none was. Never an option's own value: every user of this machine can read the options of a process. */
    private @Nullable Token given(Shell shell) throws UsageException {
        Path file = Options.file(tokenFile);
        String variable = shell.variable(VARIABLE);
        String fileVariable = shell.variable(FILE_VARIABLE);
        if (file == null && variable != null) {
            return new Token.Given(variable);
        }
        if (file == null && fileVariable != null) {
            file = Path.of(fileVariable);
        }
        if (file == null) {
            return null;
        }
        Token.InFile token = new Token.InFile(shell.resolve(file), "");
        token.warn(shell.err());
        return token;
    }

    /** Where the server of this configuration is, as its own host reaches it. */
    private static ServerUrl listening(Configuration configuration) throws UsageException {
        ListenAddress listen = configuration.get(Settings.LISTEN);
        String address = switch (listen.address()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> listen.address();
        };
        String scheme = configuration.find(Settings.TLS_CERTIFICATE).isPresent() ? "https://" : "http://";
        return ServerUrl.of(scheme + new ListenAddress(address, listen.port()));
    }
}
