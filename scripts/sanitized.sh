# Sourced by asan.sh and fuzz.sh in the checkout's root: builds the module under address and undefined-behaviour
# sanitizers (with the trampoline), lays out a package around it, and defines `sanitized COMMAND...`, which runs on it.
python=.venv/bin/python
build=build/asan

mkdir -p "$(dirname "$build")"
cmake_dir=$($python -m nanobind --cmake_dir)
cmake=$($python - <<'PY'
import shutil, sys
try:
    import cmake
    print(cmake.CMAKE_BIN_DIR + "/cmake")
except ImportError:
    print(shutil.which("cmake") or sys.exit("cmake is missing: pip install cmake"))
PY
)
if ! { "$cmake" -S . -B "$build" -DTINYSIM_SANITIZE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DPython_EXECUTABLE="$(pwd)/$python" -Dnanobind_DIR="$cmake_dir" &&
    "$cmake" --build "$build" --parallel 2; } >"$build.log" 2>&1; then
    tail -n 30 "$build.log" >&2
    echo "the sanitized build failed: see $build.log" >&2
    exit 1
fi

# A package directory whose _core is the sanitized one, in front of everything else.
rm -rf "$build/site" && mkdir -p "$build/site"
cp -r emulator/tinysim "$build/site/tinysim"
rm -f "$build"/site/tinysim/_core*.so
cp "$build"/_core*.so "$build/site/tinysim/"
cp -r platforms "$build/site/tinysim/platforms"
# An editable installation finds its own module before any path is looked at.
cat >"$build/site/sitecustomize.py" <<'PY'
import sys
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "ScikitBuildRedirectingFinder"]
PY

sanitized() {
    LD_PRELOAD="$(c++ -print-file-name=libasan.so) $(c++ -print-file-name=libstdc++.so)" \
        ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1 \
        PYTHONPATH="$build/site" TINYSIM_SANITIZED=1 "$@"
}

sanitized $python -c 'from tinysim._core import build; "sanitizer" in build or exit(f"this is no sanitized core: {build}")'
