#!/bin/sh
# The core under address and undefined-behaviour sanitizers: builds the module with the trampoline, then runs the
# engine tests, a short conformance run and the C++ self-tests on it.
set -eu
python=.venv/bin/python
build=build/asan

cmake_dir=$($python -m nanobind --cmake_dir)
$python - <<'PY' >build/asan-tools
import shutil, sys
try:
    import cmake
    print(cmake.CMAKE_BIN_DIR + "/cmake")
except ImportError:
    print(shutil.which("cmake") or sys.exit("cmake is missing: pip install cmake"))
PY
cmake=$(cat build/asan-tools)
"$cmake" -S . -B "$build" -DTINYSIM_SANITIZE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DPython_EXECUTABLE="$(pwd)/$python" -Dnanobind_DIR="$cmake_dir" >"$build.log"
"$cmake" --build "$build" --parallel 2 >>"$build.log"

# A package directory whose _core is the sanitized one, in front of everything else.
rm -rf "$build/site" && mkdir -p "$build/site"
cp -r emulator/tinysim "$build/site/tinysim"
rm -f "$build"/site/tinysim/_core*.so
cp "$build"/_core*.so "$build/site/tinysim/"
cp -r platforms "$build/site/tinysim/platforms"

runtime=$(c++ -print-file-name=libasan.so)
cxx=$(c++ -print-file-name=libstdc++.so)
LD_PRELOAD="$runtime $cxx" ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1 \
    PYTHONPATH="$build/site" TINYSIM_SANITIZED=1 \
    $python -m pytest -o "pythonpath=$build/site ." -p no:cacheprovider \
    emulator/tests/engine emulator/tests/conformance/test_instructions.py "$@"
