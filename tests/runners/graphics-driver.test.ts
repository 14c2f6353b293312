import { expect, test } from 'vitest';
import { graphicsDriver, type GraphicsEvidence } from '../../runners/graphics-driver.ts';

const mesa = ['/usr/lib/libvulkan_lvp.so', '/usr/lib/libvulkan_radeon.so', '/usr/lib/libvulkan.so.1'];

function driver(evidence: Partial<GraphicsEvidence>): ReturnType<typeof graphicsDriver> {
  return graphicsDriver({ platform: 'linux', libraries: [], devices: [], ...evidence });
}

const render = (kernelDriver: string | null): GraphicsEvidence['devices'] => [
  { file: '/dev/dri/renderD128', kernelDriver },
];

test('a software driver is one however it was found', () => {
  const libraries = ['/lib/libc.so.6', '/usr/lib/libvulkan.so.1', '/opt/browser/libvk_swiftshader.so'];
  expect(driver({ libraries })).toEqual({ name: 'libvk_swiftshader.so', isSoftware: true });
});

test('a GPU is one where its driver is loaded and its device is open, though a software driver is loaded, too', () => {
  expect(driver({ libraries: mesa, devices: render('amdgpu') })).toEqual({
    name: 'libvulkan_radeon.so',
    isSoftware: false,
  });
  const libraries = ['/usr/lib/libGLX_nvidia.so.0'];
  const devices = [{ file: '/dev/nvidia0', kernelDriver: null }];
  expect(driver({ libraries, devices })).toEqual({ name: 'libGLX_nvidia.so.0', isSoftware: false });
});

test.for<[string, Partial<GraphicsEvidence>]>([
  ['the driver of a GPU without its device', { libraries: mesa }],
  ['the display of a virtual machine', { libraries: mesa, devices: render('virtio-pci') }],
  ['a device of an unknown driver', { libraries: mesa, devices: render(null) }],
  ['a device without a driver for it', { libraries: mesa.slice(0, 1), devices: render('amdgpu') }],
  ['nothing at all', {}],
  [
    'Windows’ own software device',
    { platform: 'win32', libraries: ['C:\\Windows\\System32\\d3d10warp.dll'] },
  ],
])('%s counts as software', ([, evidence]) => {
  expect(driver(evidence).isSoftware).toBe(true);
});

test('Windows tells by the maker’s driver, and Metal runs on a GPU alone', () => {
  const libraries = ['C:\\Windows\\System32\\d3d12.dll', 'C:\\Windows\\System32\\DriverStore\\nvwgf2umx.dll'];
  expect(driver({ platform: 'win32', libraries })).toEqual({ name: 'nvwgf2umx.dll', isSoftware: false });
  expect(driver({ platform: 'darwin' })).toEqual({ name: 'Metal', isSoftware: false });
});
