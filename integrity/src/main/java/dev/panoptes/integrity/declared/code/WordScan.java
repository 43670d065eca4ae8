package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.Language;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at the words of a file before it is parsed: most files neither bind nor report nor define anything, and need not be
 * parsed unless another one takes something from them.
 *
 * @param eager it may bind, route or define an application
 * @param starts it may be run as a program
 */
record WordScan(boolean eager, boolean starts) {
    private static final Map<Language, Words> WORDS = new EnumMap<>(Map.of(
            Language.PYTHON,
            new Words("uvicorn Flask FastAPI Starlette Quart Sanic Bottle bottle aiohttp tornado run_app HTTPServer "
                    + "ThreadingHTTPServer TCPServer ThreadingTCPServer socketserver make_server run_simple "
                    + "waitress hypercorn gunicorn granian FastMCP fastmcp start_server create_server listen "
                    + "listenTCP add_insecure_port add_secure_port start_http_server launch cherrypy nicegui "
                    + "SimpleXMLRPCServer WSGIServer eventlet zmq websockets daphne Litestar litestar falcon "
                    + "connexion Robyn dash socketio SocketIO APIRouter Blueprint RouteTableDef add_api_route "
                    + "add_get add_route add_url_rule django execvp execv health healthz route Eve Chalice "
                    + "BaseHTTPRequestHandler APIFlask Controller twisted"),
            Language.JAVASCRIPT,
            new Words(""),
            Language.TYPESCRIPT,
            new Words(""),
            Language.GO,
            new Words(""),
            Language.JAVA,
            new Words(""),
            Language.SHELL,
            new Words("")));

    /** Words by their first letter. */
    private static final class Words {
        private final List<List<byte[]>> byFirst = new ArrayList<>();

        Words(String all) {
            for (int i = 0; i < 128; i++) {
                byFirst.add(new ArrayList<>());
            }
            for (String word : all.split(" ")) {
                if (!word.isEmpty()) {
                    byFirst.get(word.charAt(0)).add(word.getBytes(StandardCharsets.US_ASCII));
                }
            }
        }

        boolean has(byte[] source, int start, int end) {
            for (byte[] word : byFirst.get(source[start])) {
                if (word.length == end - start && Arrays.equals(word, 0, word.length, source, start, end)) {
                    return true;
                }
            }
            return false;
        }
    }

    static WordScan of(Language language, byte[] source) {
        return switch (language) {
            case PYTHON -> python(source);
            case JAVASCRIPT, TYPESCRIPT, GO, JAVA, SHELL -> new WordScan(false, false);
        };
    }

    private static WordScan python(byte[] source) {
        Words words = WORDS.get(Language.PYTHON);
        boolean eager = false;
        boolean starts = false;
        int i = 0;
        while (i < source.length && !(eager && starts)) {
            if (!wordPart(source[i])) {
                i++;
                continue;
            }
            int start = i;
            while (i < source.length && wordPart(source[i])) {
                i++;
            }
            boolean lineStart = start == 0 || source[start - 1] == '\n';
            eager |= source[start] > 0 && words != null && words.has(source, start, i);
            starts |= (lineStart && calls(source, i)) || main(source, start, i);
        }
        return new WordScan(eager, starts || eager);
    }

    private static boolean main(byte[] source, int start, int end) {
        return end - start == 8 && source[start] == '_' && source[start + 2] == 'm' && source[start + 5] == 'n';
    }

    /** A call that begins in the first column: {@code main()}, {@code server.serve()}. */
    private static boolean calls(byte[] source, int from) {
        int i = from;
        while (i < source.length && (wordPart(source[i]) || source[i] == '.')) {
            i++;
        }
        return i < source.length && source[i] == '(';
    }

    private static boolean wordPart(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
    }
}
