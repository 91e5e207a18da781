"""`tinysim sensors [NAME]`: what parts there are, and what one of them can be set to."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
def sensors(name: str | None) -> int:
    """List the sensors, or show what NAME can be set to."""
    from tinysim.sensors import find_sensor, sensor_names

    if name is None:
        for known in sensor_names():
            click.echo(f"{known:<12} {find_sensor(known).title}")
        return 0
    part = find_sensor(name)
    click.echo(f"{part.name}: {part.title} ({part.source})")
    for quantity in part.plays:
        click.echo(f"  columns       {', '.join(quantity.columns)} ({quantity.name})")
    if part.full_scales_g:
        click.echo(f"  full scales   {', '.join(f'{scale:g}' for scale in part.full_scales_g)} g")
    if part.rates_hz:
        click.echo(f"  data rates    {', '.join(f'{rate:g}' for rate in part.rates_hz)} Hz")
    click.echo(f"  resolution    {part.resolution_bits} bit")
    if part.i2c_addresses:
        click.echo(f"  I2C address   {', '.join(f'0x{address:02X}' for address in part.i2c_addresses)}")
    click.echo(f"  in a .repl    {', '.join(part.type_names)}")
    return 0
