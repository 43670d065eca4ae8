package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Where the database is and as whom it is entered. */
public sealed interface DatabaseAddress {
    /** A PostgreSQL over its Unix socket with peer authentication. */
    record Socket(Path path, String user, String database) implements DatabaseAddress {}

    /**
     * A PostgreSQL server.
     *
     * @param password null where the URL gives none
     * @param parameters of the JDBC driver, such as {@code sslmode}
     */
    record Server(
            String host,
            int port,
            String user,
            @Nullable String password,
            String database,
            Map<String, String> parameters)
            implements DatabaseAddress {
        public Server {
            parameters = Map.copyOf(parameters);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "postgres://" + user + "@" + host + ":" + port + "/" + database;
        }
    }

    int DEFAULT_PORT = 5432;

    /** Driver options that may stand in a URL; the others could run code or read files. */
    Set<String> ALLOWED = Set.of(
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "connectTimeout",
            "socketTimeout",
            "currentSchema",
            "targetServerType",
            "channelBinding");

    /**
     * Of {@code postgres://user:password@host:port/database?sslmode=require}, also {@code postgresql://} and {@code jdbc:}. Without
     * a host, {@code postgres:///database?host=/run/postgresql&user=me} is the socket in that directory, as libpq writes it
     * (PostgreSQL manual, section 32.1.1.2); the server there has to know the user by peer authentication.
     */
    static DatabaseAddress parse(String url) throws CannotStart {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        try {
            URI uri = new URI(plain);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("postgres") && !scheme.equals("postgresql")) {
                throw new CannotStart("DATABASE_URL must begin with postgres:// or postgresql://");
            }
            Map<String, String> parameters = parameters(uri.getRawQuery());
            String[] who = uri.getRawUserInfo() == null
                    ? new String[0]
                    : uri.getRawUserInfo().split(":", 2);
            String user = who.length > 0 ? decode(who[0]) : parameters.remove("user");
            String password = who.length > 1 ? decode(who[1]) : parameters.remove("password");
            String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
            String directory = parameters.remove("host");
            if (uri.getHost() == null
                    && user != null
                    && !database.isEmpty()
                    && password == null
                    && directory != null
                    && directory.startsWith("/")
                    && parameters.isEmpty()) {
                return new Socket(Path.of(directory, ".s.PGSQL." + DEFAULT_PORT), user, database);
            }
            if (uri.getHost() == null || directory != null || user == null || user.isEmpty() || database.isEmpty()) {
                throw new CannotStart("DATABASE_URL must name user, host and database:"
                        + " postgres://user:password@host:5432/database; reserved characters in them are written %XX");
            }
            for (String name : parameters.keySet()) {
                if (!ALLOWED.contains(name)) {
                    throw new CannotStart("DATABASE_URL has the unknown parameter " + name + "; known are "
                            + ALLOWED.stream().sorted().toList());
                }
            }
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            return new Server(host, port, user, password, database, parameters);
        } catch (URISyntaxException e) {
            // Its message quotes the URL, and that may hold a password.
            throw new CannotStart(
                    "DATABASE_URL is no URL: character " + e.getIndex()
                            + " cannot stand there; a character other than a letter, a digit or -._~ of a name or password is written as % and its two hexadecimal digits, such as %25 for %");
        }
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            String[] pair = each.split("=", 2);
            parameters.put(decode(pair[0]), pair.length == 2 ? decode(pair[1]) : "");
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A source of connections without a pool. */
    default PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setApplicationName("panoptes");
        source.setConnectTimeout(3);
        source.setTcpKeepAlive(true);
        try {
            switch (this) {
                case Socket(Path path, String user, String database) -> {
                    source.setServerNames(new String[] {"localhost"});
                    source.setSocketFactory(UnixSocketFactory.class.getName());
                    source.setSocketFactoryArg(path.toString());
                    source.setSslMode("disable");
                    source.setGssEncMode("disable");
                    source.setUser(user);
                    source.setDatabaseName(database);
                }
                case Server server -> {
                    source.setServerNames(new String[] {server.host()});
                    source.setPortNumbers(new int[] {server.port()});
                    source.setUser(server.user());
                    source.setPassword(server.password());
                    source.setDatabaseName(server.database());
                    source.setGssEncMode("disable");
                    // A server that vanished without a word must not hold a thread for the kernel's quarter of an hour.
                    source.setSocketTimeout(30);
                    for (Map.Entry<String, String> each : server.parameters().entrySet()) {
                        source.setProperty(each.getKey(), each.getValue());
                    }
                }
            }
            source.setProperty(PGProperty.REWRITE_BATCHED_INSERTS, "false");
            return source;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException("the driver refuses a parameter that was allowed", e);
        }
    }
}
