// Made by coefficients.py; lowest power first.
#pragma once

namespace lacuna::codegen::math {
// (exp(r) - 1 - r) / r^2 on [-0.346608, 0.346608], within 2.6e-18.
inline constexpr double kExp[] = {
    0x1.0000000000000p-1,  0x1.5555555555557p-3,  0x1.5555555555556p-5,  0x1.11111111100dcp-7,
    0x1.6c16c16c162d4p-10, 0x1.a01a01abe7fe1p-13, 0x1.a01a01a6d889cp-16, 0x1.71de0231960ebp-19,
    0x1.27e4db646b17ep-22, 0x1.af4de97ca4194p-26, 0x1.1f730349868cep-29,
};
// (2 atanh(s) / s - 2) / s^2 in z = s^2 on [0.0, 0.0294667], within 3.7e-17.
inline constexpr double kLog[] = {
    0x1.5555555555555p-1, 0x1.9999999999a39p-2, 0x1.2492492476a1ap-2, 0x1.c71c7201a55d7p-3,
    0x1.745cf8e4bba1bp-3, 0x1.3b1c3c1c81c8fp-3, 0x1.0fbde0f4ad17bp-3, 0x1.0c0aff044a970p-3,
};
// the same, for the logarithm of 1 + e with 0 <= e <= 1 on [0.0, 0.111111], within 4.0e-17.
inline constexpr double kLogWide[] = {
    0x1.5555555555555p-1, 0x1.999999999999cp-2, 0x1.2492492491fe8p-2, 0x1.c71c71c77e0f7p-3,
    0x1.745d1724e5b21p-3, 0x1.3b13b7c41e111p-3, 0x1.11103f2bddc9fp-3, 0x1.e2046677f3c39p-4,
    0x1.ad46f379b316dp-4, 0x1.9739afdde0110p-4, 0x1.0371f75936f6fp-4, 0x1.37efaea22dc4bp-3,
};
// (2 atanh(s) / s - 2 - 2 s^2 / 3) / s^4 in z = s^2 on [0.0, 0.0294667], within 2.6e-17.
inline constexpr double kLogFifth[] = {
    0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea5acp-3, 0x1.745d177ad436ap-3,
    0x1.3b1395b82701ep-3, 0x1.1118cd67251c5p-3, 0x1.df7ba1f4809c3p-4, 0x1.e03a7acf07f85p-4,
};
// (sin(r) / r - 1) / r^2 in z = r^2 on [0.0, 0.618085], within 9.3e-18.
inline constexpr double kSin[] = {
    -0x1.5555555555555p-3,  0x1.1111111111110p-7,  -0x1.a01a01a019926p-13, 0x1.71de3a545e700p-19,
    -0x1.ae64540f0ba18p-26, 0x1.61217c1864fa1p-33, -0x1.ab161757f0c63p-41,
};
// (cos(r) - 1 + r^2 / 2) / r^4 in z = r^2 on [0.0, 0.618085], within 2.3e-18.
inline constexpr double kCos[] = {
    0x1.5555555555555p-5,  -0x1.6c16c16c16c16p-10, 0x1.a01a01a019d02p-16, -0x1.27e4fb7711e1dp-22,
    0x1.1eed8de9ef73ep-29, -0x1.9394b76d1f265p-37, 0x1.ab76cf6e9b365p-45,
};
// (atan(x) / x - 1) / x^2 in z = x^2 on [0.0, 0.171744], within 1.9e-17.
inline constexpr double kAtan[] = {
    -0x1.5555555555555p-2, 0x1.9999999999999p-3,  -0x1.2492492492460p-3, 0x1.c71c71c718c61p-4,  -0x1.745d1744b2512p-4,
    0x1.3b13b10667e47p-4,  -0x1.11110aca452c3p-4, 0x1.e1e0dcfe4db20p-5,  -0x1.af199587e9a61p-5, 0x1.857f030af684fp-5,
    -0x1.5fc5d42455afep-5, 0x1.30f95130351edp-5,  -0x1.bea907dd0e2ddp-6, 0x1.877fe36082f6fp-7,
};
// (asin(x) / x - 1) / x^2 in z = x^2 on [0.0, 0.25], within 9.3e-18.
inline constexpr double kAsin[] = {
    0x1.5555555555555p-3, 0x1.333333333332dp-4,  0x1.6db6db6db7c7fp-5, 0x1.f1c71c70ee54ap-6,  0x1.6e8ba31c9dc09p-6,
    0x1.1c4ebd7735bf2p-6, 0x1.c99afe79266f3p-7,  0x1.7a70c2a695fe0p-7, 0x1.40e38d543d8d2p-7,  0x1.0a9849ba5937fp-7,
    0x1.2031dbbbbad45p-7, 0x1.8f5a75293b096p-12, 0x1.7184808eff5eep-6, -0x1.898d77b6dddb2p-6, 0x1.f74bdb0d4b5bep-6,
};
// erf(x) / x in z = x^2 on [0.0, 1.0], within 2.5e-17.
inline constexpr double kErf[] = {
    0x1.20dd750429b6dp+0,  -0x1.812746b0379e7p-2,  0x1.ce2f21a042bdep-4,  -0x1.b82ce312889bap-6,
    0x1.565bcd0e6502dp-8,  -0x1.c02db3feeb579p-11, 0x1.f9a326c233146p-14, -0x1.f4d2561aeafd4p-17,
    0x1.b9e6509b9867dp-20, -0x1.5f6d925a0bc7ap-23, 0x1.fc4356498c2d9p-27, -0x1.4e607b41a6416p-30,
    0x1.7f072188e194dp-34, -0x1.29b9f1b3df556p-38,
};
// (1 + 2 x) exp(x^2) erfc(x) in t = (x - 3.75) / (x + 3.75), x >= 0 on [-1.0, 1.0], within 1.1e-16.
inline constexpr double kErfcx[] = {
    0x1.3ccda0b5d5dc2p+0,  -0x1.1f367683f89a7p-3,  0x1.d5f2948159d0ep-9,   0x1.510169d0967ffp-4,
    -0x1.bda9309a2886ap-4, 0x1.7a14188a99ba8p-4,   -0x1.e0d0fa6e016bdp-5,  0x1.d0b0037dcada7p-6,
    -0x1.3f603c3390a8cp-7, 0x1.cc3a0e22f1e70p-10,  0x1.33fb24531619cp-12,  -0x1.303f9d9e6c0fcp-12,
    0x1.b14449e36dfd0p-15, 0x1.778a2b0123c46p-16,  -0x1.800892b72d256p-17, -0x1.0525a3b8c42dap-20,
    0x1.d6b54b85aaa25p-20, -0x1.f47cc3f3e6641p-25, -0x1.18861c22d08a2p-22, 0x1.a15251a93b51cp-26,
    0x1.60d2a86790021p-25, -0x1.2db22103e39d2p-28, -0x1.c60492c65c488p-28, 0x1.2c33ebf88348cp-31,
    0x1.fbb13569c48bcp-31, -0x1.4a9f17de05cb1p-35, -0x1.5129d954e2bbfp-34,
};
// y (lgamma(y) - (y - 1/2) log(y) + y - log(2 pi) / 2) in w = 1 / y^2, y >= 8 on [0.0, 0.015625], within 4.6e-18.
inline constexpr double kStirling[] = {
    0x1.5555555555555p-4,  -0x1.6c16c16c149f4p-9,  0x1.a01a017dcf9e1p-11, -0x1.38134d4f8896fp-11,
    0x1.b92c33f9445e5p-11, -0x1.ef8d748aeb0f2p-10, 0x1.4bffc9d8b455bp-8,
};
// y^2 (log(y) - 1 / (2 y) - digamma(y)) in w = 1 / y^2, y >= 8 on [0.0, 0.015625], within 1.3e-17.
inline constexpr double kDigamma[] = {
    0x1.5555555555555p-4, -0x1.11111111095e6p-7, 0x1.041040c62923cp-8, -0x1.1110b33fc17d6p-8,
    0x1.f037df4b69ba2p-8, -0x1.531da6b6dedbfp-6, 0x1.0497fbf0fa8abp-4,
};
// y^3 (trigamma(y) - 1 / y - 1 / (2 y^2)) in w = 1 / y^2, y >= 8 on [0.0, 0.015625], within 9.3e-18.
inline constexpr double kTrigamma[] = {
    0x1.5555555555555p-3, -0x1.11111111100fbp-5, 0x1.8618617b7b459p-6, -0x1.1111065760c00p-5,
    0x1.36483713ee3aep-4, -0x1.0273c0acea2e4p-2, 0x1.1bff07a3b5495p+0, -0x1.24d1c876e87ffp+2,
};
// (sin(pi r) / r - pi) / r^2 in z = r^2 on [0.0, 0.25], within 2.3e-16.
inline constexpr double kSinPi[] = {
    -0x1.4abbce625be53p+2, 0x1.466bc6775aae2p+1,   -0x1.32d2cce62bd86p-1, 0x1.50783487ee77ap-4,   -0x1.e3074fde87b40p-8,
    0x1.e8f434cf676fap-12, -0x1.6fadb98c7767ep-16, 0x1.aaebebaab44a5p-21, -0x1.8a220459180f9p-26, 0x1.21524a4bc5851p-31,
};
// (cos(pi r) - 1) / r^2 in z = r^2 on [0.0, 0.25], within 3.8e-16.
inline constexpr double kCosPi[] = {
    -0x1.3bd3cc9be45dep+2, 0x1.03c1f081b5ac4p+2,   -0x1.55d3c7e3cbffap+0, 0x1.e1f506891baa0p-3,   -0x1.a6d1f2a2034dap-6,
    0x1.f9d38a361fa76p-10, -0x1.b6e24e8c6095bp-14, 0x1.20c5eb4a9f2c7p-18, -0x1.29f0b602f0d93p-23, 0x1.e25e8cc1590fdp-29,
};
// quantile(1/2 + q) / q in z = q^2 on [0.0, 0.09], within 2.8e-16.
inline constexpr double kQuantileCentre[] = {
    0x1.40d931ff62706p+1,   0x1.4ffddeaa22fa1p+1,  0x1.71713082a3523p+2,   0x1.f55d0da057082p+3,
    0x1.7849437ad4572p+5,   0x1.2ba9b5a150486p+7,  0x1.f0256430daca4p+8,   0x1.a824aae58aec2p+10,
    0x1.5f7c793e9fc0bp+12,  0x1.ad72cdbb5990ep+14, -0x1.c1dbdb2914e5ep+15, 0x1.040012ac40665p+21,
    -0x1.0d0efa7c1a7edp+24, 0x1.ee8595947d369p+26, -0x1.ead319b4fded1p+28, 0x1.0df14d398b6f7p+30,
};
// -quantile(exp(-r^2)) in t, r from 1.26 at t = -1 to 2.8 at t = 1 on [-1.0, 1.0], within 3.6e-15.
inline constexpr double kQuantileTail1[] = {
    0x1.11c0fd99cd6dcp+1,   0x1.408e618ecae50p+0,  -0x1.61345867d9037p-5,  0x1.90978324c04c5p-7,
    -0x1.da4c72749239ap-9,  0x1.21d62117deb92p-10, -0x1.6b851349b1ef0p-12, 0x1.d20f1106c1245p-14,
    -0x1.306b42bf0d9abp-15, 0x1.941e78f6dea3dp-17, -0x1.0fd495082123ap-18, 0x1.70c0991bd4121p-20,
    -0x1.fa6fd59f19f83p-22, 0x1.6c083a6c21ad1p-23, -0x1.fc0b88c08aa51p-25, 0x1.022cd5444edcap-26,
    -0x1.69be30b95a013p-28, 0x1.442cf184b6e37p-28, -0x1.cedd1215f03b4p-30,
};
// -quantile(exp(-r^2)) in t, r from 2.8 at t = -1 to 6.0 at t = 1 on [-1.0, 1.0], within 1.7e-15.
inline constexpr double kQuantileTail2[] = {
    0x1.716dff4f36326p+2,   0x1.2f9680bf0570ep+1,  -0x1.f23da096252eep-6,  0x1.25f15cfe852edp-7,
    -0x1.65c2ca9d00e63p-9,  0x1.bc49b7531e2ecp-11, -0x1.17e62846eb8eap-12, 0x1.64adf99bcd029p-14,
    -0x1.cad04daa64e63p-16, 0x1.298c494f29074p-17, -0x1.84c0da2d41b3fp-19, 0x1.fe55c640e917fp-21,
    -0x1.51bbcd27444ecp-22, 0x1.ce50963e6c377p-24, -0x1.35a891977caacp-25, 0x1.4423bdd7f8458p-27,
    -0x1.b42d66c5f0753p-29, 0x1.4ce3b673ac298p-29, -0x1.c7560d723517ap-31,
};
// -quantile(exp(-r^2)) in t, r from 6.0 at t = -1 to 13.0 at t = 1 on [-1.0, 1.0], within 2.8e-15.
inline constexpr double kQuantileTail3[] = {
    0x1.a57edafb61254p+3,   0x1.4148f7ec9f2cdp+2,  -0x1.5ac31dce56d51p-6,  0x1.b54f92d023df7p-8,
    -0x1.1aeba706289fbp-9,  0x1.7429e0110c723p-11, -0x1.ef432a0ea4785p-13, 0x1.4c6434844d943p-14,
    -0x1.c128ce2457159p-16, 0x1.31241ea1b9a16p-17, -0x1.a0634c10c1870p-19, 0x1.1c6bb19286b52p-20,
    -0x1.86cae59df65adp-22, 0x1.164744f4f727fp-23, -0x1.809369f590339p-25, 0x1.90597a448110bp-27,
    -0x1.1505b29905a1ep-28, 0x1.c8c28208c0805p-29, -0x1.3ecc3dcc35af5p-30,
};
// -quantile(exp(-r^2)) in t, r from 13.0 at t = -1 to 27.5 at t = 1 on [-1.0, 1.0], within 3.1e-15.
inline constexpr double kQuantileTail4[] = {
    0x1.c7d0408d95c83p+4,   0x1.496a0a4176141p+3,  -0x1.9b2c049290438p-7,  0x1.04d09f8665d1ep-8,
    -0x1.5207cad5eada1p-10, 0x1.bc255c2fab6dfp-12, -0x1.269bc6b81f185p-13, 0x1.89a755cccd87ep-15,
    -0x1.0879a2925f616p-16, 0x1.650346d671f11p-18, -0x1.e3aa2ebb2650ap-20, 0x1.47e0166195190p-21,
    -0x1.bebc088339177p-23, 0x1.3a7662011d9cdp-24, -0x1.ae690d462bd4ep-26, 0x1.c4396a26d3878p-28,
    -0x1.35f4c4687c4a9p-29, 0x1.e89241ee8fa10p-30, -0x1.50afc80f3e625p-31,
};
}  // namespace lacuna::codegen::math
