package dev.panoptes.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * A provider of OpenID Connect on loopback that keeps to its rules: it knows its client and its redirect URIs, wants PKCE with
 * S256, gives a code once and for ten minutes, and signs with RSA. A test may make it break any of them.
 */
public final class TestProvider implements AutoCloseable {
    public static final String CLIENT = "panoptes";
    public static final String SECRET = "a secret: of + & %";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InstantSource clock;
    private final String host;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final Map<String, Person> accessTokens = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);

    /** Who is logged in at the provider in every browser that comes. */
    public volatile Person person = new Person("s-1", "ada", List.of("ops"));

    /** In the order of the keys' age; tokens are signed with the last one. */
    public final List<RSAKey> keys = new CopyOnWriteArrayList<>();

    /** Where it sends people back to. */
    public final List<String> redirects = new CopyOnWriteArrayList<>();

    /** Every call, as its method and path. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** Where people were sent when their session was ended: the query of each call. */
    public final List<Map<String, String>> farewells = new CopyOnWriteArrayList<>();

    volatile Consumer<Map<String, Object>> metadata = _ -> {};
    volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();
    volatile UnaryOperator<String> idToken = UnaryOperator.identity();
    volatile Consumer<Map<String, Object>> tokenAnswer = _ -> {};
    volatile Consumer<Map<String, String>> answer = _ -> {};
    volatile Consumer<Map<String, Object>> userinfo = _ -> {};
    /** By path; what would be answered otherwise is not. */
    final Map<String, Misbehaviour> misbehaviour = new ConcurrentHashMap<>();

    volatile boolean groupsInToken = true;
    /** Whether people see a page and have to go on by a link of it. */
    public volatile boolean asks;

    public record Person(String subject, String name, List<String> groups) {}

    /** What goes wrong on a path. */
    enum Misbehaviour {
        HANG,
        HUGE,
        ERROR,
        REDIRECT,
        GARBAGE
    }

    private record Grant(Person person, Map<String, String> asked, Instant until) {}

    /** @param host as its URL has it: a name or an address of this machine */
    public TestProvider(String host, InstantSource clock) {
        this.clock = clock;
        this.host = host;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        keys.add(newKey("key-1"));
        http.createContext("/", this::handle);
        http.start();
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String issuer() {
        return "http://" + host + ":" + http.getAddress().getPort();
    }

    /** What a server needs to use it. */
    public Map<String, String> settings(String publicUrl) {
        redirects.add(publicUrl + "/login/oidc/callback");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("http.public_url", publicUrl);
        settings.put("oidc.issuer", issuer());
        settings.put("oidc.client_id", CLIENT);
        settings.put("oidc.client_secret", SECRET);
        settings.put("oidc.name", "Example ID");
        settings.put("oidc.roles.admin", "chiefs");
        settings.put("oidc.roles.operator", "ops, operators");
        settings.put("oidc.roles.viewer", "staff");
        settings.put("observe.local", "false");
        return settings;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            calls.add(exchange.getRequestMethod() + " " + path);
            Misbehaviour wrong = misbehaviour.get(path);
            if (wrong != null) {
                misbehave(exchange, wrong);
                return;
            }
            switch (path) {
                case "/.well-known/openid-configuration" -> json(exchange, 200, configuration());
                case "/keys" ->
                    json(
                            exchange,
                            200,
                            new JWKSet(new ArrayList<JWK>(keys))
                                    .toPublicJWKSet()
                                    .toJSONObject());
                case "/authorize" -> authorize(exchange);
                case "/token" -> token(exchange);
                case "/userinfo" -> userinfo(exchange);
                case "/end" -> {
                    farewells.add(query(exchange.getRequestURI()));
                    redirect(exchange, query(exchange.getRequestURI()).get("post_logout_redirect_uri"));
                }
                case "/favicon.ico" -> exchange.sendResponseHeaders(204, -1);
                default -> json(exchange, 404, Map.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void misbehave(HttpExchange exchange, Misbehaviour wrong) throws IOException, InterruptedException {
        switch (wrong) {
            case HANG -> end.await();
            case HUGE -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] part = new byte[64 << 10];
                Arrays.fill(part, (byte) ' ');
                for (int i = 0; i < 1_000; i++) {
                    exchange.getResponseBody().write(part);
                }
            }
            case ERROR -> json(exchange, 500, Map.of("error", "server_error"));
            case REDIRECT -> redirect(exchange, issuer() + "/elsewhere");
            case GARBAGE -> {
                byte[] html = "<html>".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, html.length);
                exchange.getResponseBody().write(html);
            }
        }
    }

    private Map<String, Object> configuration() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", issuer());
        all.put("authorization_endpoint", issuer() + "/authorize?tenant=one");
        all.put("token_endpoint", issuer() + "/token");
        all.put("jwks_uri", issuer() + "/keys");
        all.put("userinfo_endpoint", issuer() + "/userinfo");
        all.put("end_session_endpoint", issuer() + "/end");
        all.put("response_types_supported", List.of("code"));
        all.put("subject_types_supported", List.of("public"));
        all.put("id_token_signing_alg_values_supported", List.of("RS256"));
        all.put("code_challenge_methods_supported", List.of("S256"));
        all.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic"));
        all.put("authorization_response_iss_parameter_supported", true);
        metadata.accept(all);
        return all;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = query(exchange.getRequestURI());
        boolean ours = CLIENT.equals(asked.get("client_id")) && redirects.contains(asked.get("redirect_uri"));
        if (!ours) {
            json(exchange, 400, Map.of("error", "unauthorized_client"));
            return;
        }
        if (asks && !asked.containsKey("sure")) {
            String again = exchange.getRequestURI() + "&sure=yes";
            byte[] page = ("<!doctype html><html lang=en><title>Provider</title><a id=in href=\""
                            + again.replace("&", "&amp;") + "\">Yes, it is me</a>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            return;
        }
        Map<String, String> back = new LinkedHashMap<>();
        boolean good = "code".equals(asked.get("response_type"))
                && List.of(asked.getOrDefault("scope", "").split(" ")).contains("openid")
                && "S256".equals(asked.get("code_challenge_method"))
                && asked.getOrDefault("code_challenge", "").length() == 43
                && asked.getOrDefault("nonce", "").length() >= 22;
        if (good) {
            String code = UUID.randomUUID().toString();
            grants.put(code, new Grant(person, asked, clock.instant().plusSeconds(600)));
            back.put("code", code);
        } else {
            back.put("error", "invalid_request");
        }
        back.put("state", asked.getOrDefault("state", ""));
        back.put("iss", issuer());
        answer.accept(back);
        redirect(exchange, asked.get("redirect_uri") + "?" + FormText.of(back));
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean known = authorization.equals("Basic "
                        + Base64.getEncoder()
                                .encodeToString((CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)))
                || (CLIENT.equals(form.get("client_id")) && SECRET.equals(form.get("client_secret")));
        if (!known) {
            json(exchange, 401, Map.of("error", "invalid_client"));
            return;
        }
        Grant grant = grants.remove(form.getOrDefault("code", ""));
        boolean good = grant != null
                && "authorization_code".equals(form.get("grant_type"))
                && clock.instant().isBefore(grant.until())
                && String.valueOf(grant.asked().get("redirect_uri")).equals(form.get("redirect_uri"))
                && challenge(form.getOrDefault("code_verifier", ""))
                        .equals(grant.asked().get("code_challenge"));
        if (!good) {
            json(exchange, 400, Map.of("error", "invalid_grant", "error_description", "<script>alert(1)</script>"));
            return;
        }
        String access = UUID.randomUUID().toString();
        accessTokens.put(access, grant.person());
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("token_type", "Bearer");
        tokens.put("access_token", access);
        tokens.put("expires_in", 300);
        tokens.put("id_token", idToken.apply(sign(claims(grant, access), keys.getLast())));
        tokenAnswer.accept(tokens);
        json(exchange, 200, tokens);
    }

    private JWTClaimsSet claims(Grant grant, String access) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .subject(grant.person().subject())
                .claim("nonce", grant.asked().get("nonce"))
                .claim("at_hash", half(access))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        if (groupsInToken) {
            set.claim("preferred_username", grant.person().name())
                    .claim("groups", grant.person().groups());
        }
        return claims.apply(set).build();
    }

    static String sign(JWTClaimsSet claims, RSAKey key) {
        try {
            return sign(claims, JWSAlgorithm.RS256, JOSEObjectType.JWT, key.getKeyID(), new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, JOSEObjectType type, String key, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm).type(type).keyID(key).build(), claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void userinfo(HttpExchange exchange) throws IOException {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        Person who = accessTokens.get(authorization.replace("Bearer ", ""));
        if (who == null) {
            json(exchange, 401, Map.of());
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("sub", who.subject());
        all.put("preferred_username", who.name());
        all.put("groups", who.groups());
        userinfo.accept(all);
        json(exchange, 200, all);
    }

    private static void json(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(303, -1);
    }

    static Map<String, String> query(URI uri) {
        return fields(String.valueOf(uri.getRawQuery()));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] words = pair.split("=", 2);
            fields.put(words[0], words.length == 1 ? "" : URLDecoder.decode(words[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(verifier));
    }

    private static String half(String access) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(access), 16));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
