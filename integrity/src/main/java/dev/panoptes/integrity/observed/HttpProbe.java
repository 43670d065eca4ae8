package dev.panoptes.integrity.observed;

import dev.panoptes.core.AddressText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Puts a question to one agent at one address and tells what came of it, whatever it was. Safe for many threads at once. */
final class HttpProbe implements AutoCloseable {
    private final Watchdog watchdog = Watchdog.started();
    private final Supplier<SSLSocketFactory> secure;

    /** @param secure asked for only when an agent speaks https: the default one takes long to load */
    HttpProbe(Supplier<SSLSocketFactory> secure) {
        this.secure = secure;
    }

    /**
     * @param proof null where the answer bore no signature
     * @param reached true where somebody answered there, whatever he said
     */
    record Asked(ProbeAnswer answer, @Nullable IdentityProof proof, boolean reached) {
        Asked(ProbeAnswer answer, @Nullable IdentityProof proof) {
            this(answer, proof, false);
        }
    }

    /** How an agent is asked who it is. */
    interface Question {
        /** @throws IOException where a connection fails or times out */
        Asked ask(HttpLine line) throws IOException;
    }

    Asked ask(ProbeTarget target, InetAddress address, Question question) throws InterruptedException {
        // Loading the trusted certificates takes us half a second, which is not the agent's.
        SSLSocketFactory tls = target.scheme().equals("https") ? secure.get() : null;
        HttpLine line = new HttpLine(target, address, tls, watchdog);
        try {
            Asked asked = question.ask(line);
            return new Asked(asked.answer(), asked.proof(), line.isConnected());
        } catch (SocketTimeoutException e) {
            return new Asked(late(line), null);
        } catch (ConnectException | NoRouteToHostException e) {
            return new Asked(unconnected(address, e), null);
        } catch (SSLException e) {
            return new Asked(line.isExpired() ? late(line) : insecure(e, line), null);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new Asked(line.isExpired() ? late(line) : broken(e, line), null);
        }
    }

    private static ProbeAnswer late(HttpLine line) {
        Duration timeout = line.target().timeout();
        String seconds = timeout.toMillisPart() == 0
                ? timeout.toSeconds() + " s"
                : String.format(Locale.ROOT, "%.1f s", timeout.toMillis() / 1000.0);
        return new ProbeAnswer.Faulty(
                null,
                (line.isConnected() ? "does not answer within " : "does not accept the connection within ") + seconds,
                line.isConnected(),
                line.millis());
    }

    private static ProbeAnswer unconnected(InetAddress address, IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("refused")
                ? new ProbeAnswer.Refused()
                : new ProbeAnswer.NotAsked(AddressText.of(address.getAddress()) + " cannot be reached: " + message);
    }

    /** Before the connection stands, an error such as too many open files is ours, not the agent's. */
    private static ProbeAnswer broken(IOException e, HttpLine line) {
        String message = HttpAnswerReader.quote(String.valueOf(e.getMessage()));
        return line.isConnected()
                ? new ProbeAnswer.Faulty(null, "breaks the connection off (" + message + ")", true, line.millis())
                : new ProbeAnswer.NotAsked("no connection could be made: " + message);
    }

    /** A certificate that we cannot verify is our limit; anything else is an answer that is no TLS. */
    private static ProbeAnswer insecure(SSLException e, HttpLine line) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException
                    || cause instanceof java.security.cert.CertPathValidatorException) {
                return new ProbeAnswer.NotAsked("its TLS certificate is not trusted here: "
                        + HttpAnswerReader.quote(String.valueOf(cause.getMessage())));
            }
        }
        if (String.valueOf(e.getMessage()).contains("Unsupported or unrecognized SSL message")) {
            return new ProbeAnswer.Faulty(
                    null, "does not speak TLS: its URL should begin with http://", true, line.millis());
        }
        return new ProbeAnswer.Faulty(
                null,
                "fails the TLS handshake (" + HttpAnswerReader.quote(String.valueOf(e.getMessage())) + ")",
                true,
                line.millis());
    }

    @Override
    public void close() {
        watchdog.close();
    }
}
